import { svelte } from "@sveltejs/vite-plugin-svelte";
import { parse } from "smol-toml";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Lets a module import a file of texts: `import texts from "../../../texts/nl.toml"`. */
function toml(): Plugin {
  return {
    name: "toml",
    transform: (source, id) =>
      id.endsWith(".toml")
        ? { code: `export default ${JSON.stringify(parse(source))};`, map: null }
        : null,
  };
}

// What all faces share; scripts/build.mjs adds the entry of each.
export default defineConfig({
  root: "src",
  publicDir: "../public",
  plugins: [toml(), svelte()],
  server: { fs: { allow: [".."] } },
  // Phones from 2020 on; older ones get the numbers and the noscript text.
  build: {
    target: ["es2020", "chrome80", "safari14", "firefox78"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // Svelte components are tested in a page, so the browser build of Svelte is the right one there.
  ...(process.env["VITEST"] ? { resolve: { conditions: ["browser"] } } : {}),
  test: {
    dir: "src",
    include: ["**/*.test.ts"],
    environment: "node",
    passWithNoTests: true,
  },
});
