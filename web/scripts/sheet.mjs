// The style sheet of the public pages: Utrecht components, purged to the classes that the pages use,
// then our own values and rules.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import postcss from "postcss";
import { transform } from "lightningcss";

const COMPONENTS = [
  "root", "body", "heading-1", "heading-2", "paragraph", "link", "skip-link",
  "alert", "button", "button-group", "form-label", "checkbox", "textarea",
];

/** Every word of the pages and scripts that could be the name of a class. */
function wordsUsed(web) {
  const files = [
    ...readdirSync(join(web, "pages")).map((name) => join(web, "pages", name)),
    ...readdirSync(join(web, "src/visitor"))
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => join(web, "src/visitor", name)),
  ];
  return new Set(files.flatMap((file) => readFileSync(file, "utf8").match(/[\w-]+/g) ?? []));
}

/**
 * Leaves out what cannot show: rules with a class no page uses, var() of a property that is set
 * nowhere (its fallback stands in its place), and properties that nobody reads.
 */
function purge(css, used) {
  const root = postcss.parse(css);
  root.walkComments((comment) => comment.remove());
  root.walkRules((rule) => {
    const kept = rule.selectors.filter((selector) =>
      [...selector.matchAll(/\.([\w-]+)/g)].every(([, name]) => used.has(name)),
    );
    if (kept.length === 0) rule.remove();
    else rule.selectors = kept;
  });
  for (let before = "", now = root.toString(); before !== now; ) {
    before = now;
    const set = new Set();
    const read = new Set([...now.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, name]) => name));
    root.walkDecls(/^--/, (decl) => void set.add(decl.prop));
    root.walkDecls((decl) => {
      const value = resolved(decl.value, set);
      if (value === null || (decl.prop.startsWith("--") && !read.has(decl.prop))) decl.remove();
      else decl.value = value;
    });
    root.walkRules((rule) => void (rule.nodes.length === 0 && rule.remove()));
    root.walkAtRules((rule) => void (rule.nodes?.length === 0 && rule.remove()));
    now = root.toString();
  }
  return root.toString();
}

/** A value without unset properties; null when it then says nothing. */
function resolved(value, set) {
  const start = value.search(/var\(/);
  if (start < 0) return value;
  let end = start + "var(".length;
  for (let depth = 1; depth > 0; end++) {
    if (value[end] === "(") depth++;
    if (value[end] === ")") depth--;
  }
  const inside = value.slice(start + "var(".length, end - 1);
  const comma = inside.indexOf(",");
  const name = (comma < 0 ? inside : inside.slice(0, comma)).trim();
  const fallback = comma < 0 ? null : resolved(inside.slice(comma + 1).trim(), set);
  if (!set.has(name) && fallback === null) return null;
  const kept = !set.has(name) ? fallback : `var(${name}${fallback === null ? "" : `,${fallback}`})`;
  const rest = resolved(value.slice(end), set);
  return rest === null ? null : value.slice(0, start) + kept + rest;
}

/** Gives the sheet as one minified string. */
export async function sheet(web) {
  const find = createRequire(join(web, "package.json"));
  const components = COMPONENTS.map((name) =>
    readFileSync(find.resolve(`@utrecht/${name}-css/dist/index.css`), "utf8"),
  ).join("\n");
  const own = readFileSync(join(web, "src/visitor/page.css"), "utf8");
  const purged = purge(`${components}\n${own}`, wordsUsed(web));
  const { code } = transform({
    filename: "page.css",
    code: Buffer.from(purged),
    minify: true,
  });
  return `/* Utrecht components: EUPL-1.2, Gemeente Utrecht, Frameless B.V. */${code.toString()}`;
}
