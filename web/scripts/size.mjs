// Prints the brotli bytes of the first screen (a page as the server sends it) and of the whole chat.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

const GOALS = { first: 14_000, whole: 40_000 };
const web = join(import.meta.dirname, "..");
const dist = join(web, "dist");
const packed = (bytes) => brotliCompressSync(bytes).length;
const read = (...names) => readFileSync(join(dist, ...names));

const script = read("public", "first.js");
const style = read("public", "page.css");
// The templates are a little larger than what they render to, without the texts; both are counted.
const html = readFileSync(join(web, "pages/page.html"));
const texts = readFileSync(join(web, "../texts/nl.toml"));
const first = packed(Buffer.concat([html, texts, style, script]));
const chat = readdirSync(join(dist, "assets")).find((name) => /^chat-.*\.js$/.test(name));
const whole = first + packed(read("assets", chat));
for (const [name, bytes] of Object.entries({ "first.js": script, "page.css": style }))
  console.log(`${name}: ${packed(bytes)} br (${bytes.length} raw)`);
console.log(`${chat}: ${packed(read("assets", chat))} br`);
console.log(`first screen: ${first} br, goal ${GOALS.first}`);
console.log(`whole chat: ${whole} br, goal ${GOALS.whole}`);
if (existsSync(join(dist, "console/index.html"))) {
  const own = readdirSync(join(dist, "assets")).filter((n) => /\.(js|css)$/.test(n) && n !== chat);
  for (const name of own) console.log(`${name}: ${packed(read("assets", name))} br`);
}
if (first > GOALS.first || whole > GOALS.whole) process.exitCode = 1;
