// Builds the faces into dist/: what the server inlines (public/), what it serves (assets/), the
// console (console/index.html), and manifest.json with the hashed names.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";
import { sheet } from "./sheet.mjs";

const web = join(import.meta.dirname, "..");
const dist = join(web, "dist");
const configFile = join(web, "vite.config.ts");

/** The built chunk or asset whose name starts so, of one build. */
const named = (built, start) => {
  const found = built.output.find((file) => file.fileName.startsWith(start));
  if (!found) throw new Error(`the build made nothing called ${start}…`);
  return `/${found.fileName}`;
};

/** Removes what an earlier build left under such a name. */
function forget(start) {
  const assets = join(dist, "assets");
  if (!existsSync(assets)) return;
  for (const name of readdirSync(assets))
    if (name.startsWith(start)) rmSync(join(assets, name));
}

async function visitorChat() {
  const built = await build({
    configFile,
    logLevel: "warn",
    build: {
      outDir: dist,
      emptyOutDir: false,
      rollupOptions: {
        input: { chat: join(web, "src/visitor/chat.ts") },
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "assets/[name]-[hash].js", codeSplitting: false },
      },
    },
  });
  return named(built, "assets/chat-");
}

async function firstScreen() {
  await build({
    configFile,
    logLevel: "warn",
    publicDir: false,
    build: {
      outDir: join(dist, "public"),
      emptyOutDir: false,
      rollupOptions: {
        input: { first: join(web, "src/visitor/first.ts") },
        output: { format: "iife", entryFileNames: "first.js" },
      },
    },
  });
  const script = readFileSync(join(dist, "public/first.js"), "utf8");
  if (/<\/script|<!--/i.test(script)) throw new Error("first.js would end its own block");
  writeFileSync(join(dist, "public/page.css"), await sheet(web));
}

async function consoleApp() {
  if (!existsSync(join(web, "src/console/index.html"))) return null;
  const built = await build({
    configFile,
    logLevel: "warn",
    publicDir: false,
    base: "/",
    build: {
      outDir: dist,
      emptyOutDir: false,
      rollupOptions: {
        input: { console: join(web, "src/console/index.html") },
        output: {
          entryFileNames: "assets/[name]-[hash].js",
          chunkFileNames: "assets/[name]-[hash].js",
          assetFileNames: "assets/[name]-[hash][extname]",
        },
      },
    },
  });
  return named(built, "assets/console-"); // Its page names it too; this says that it is there.
}

/** Puts a brotli and a gzip twin beside each text file; the server hands out what is understood. */
function small() {
  const assets = join(dist, "assets");
  for (const name of readdirSync(assets).filter((each) => /\.(js|css|svg)$/.test(each))) {
    const text = readFileSync(join(assets, name));
    writeFileSync(join(assets, `${name}.br`), brotliCompressSync(text));
    writeFileSync(join(assets, `${name}.gz`), gzipSync(text));
  }
}

// `npm run build -- public` or `-- console` builds one face and leaves the other as it was.
const only = process.argv[2];
const manifestFile = join(dist, "manifest.json");
if (!only) rmSync(dist, { recursive: true, force: true });
await mkdir(join(dist, "public"), { recursive: true });
const manifest = existsSync(manifestFile)
  ? JSON.parse(readFileSync(manifestFile, "utf8"))
  : { chat: null, console: null };
const write = () => writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
if (only !== "console") {
  forget("chat-");
  manifest.chat = await visitorChat();
  await firstScreen();
  write();
}
if (only !== "public") {
  forget("console-");
  manifest.console = await consoleApp();
  write();
}
small();
console.log(JSON.stringify(manifest));
