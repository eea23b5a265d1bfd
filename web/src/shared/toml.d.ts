/** A file of texts: tables of sentences, read at build time by the plugin in vite.config.ts. */
declare module "*.toml" {
  const tables: Readonly<Record<string, Readonly<Record<string, string>>>>;
  export default tables;
}
