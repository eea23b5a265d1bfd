import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";

type Table = Record<string, Record<string, string>>;

const HERE = import.meta.dirname;

function table(language: string): Table {
  return parse(readFileSync(join(HERE, `../../../texts/console.${language}.toml`), "utf8")) as Table;
}

function keys(of: Table): string[] {
  return Object.entries(of)
    .flatMap(([room, words]) => Object.keys(words).map((word) => `${room}.${word}`))
    .sort();
}

function holes(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();
}

const source = readdirSync(HERE, { encoding: "utf8", recursive: true })
  .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith(".test.ts"))
  .map((name) => readFileSync(join(HERE, name), "utf8"))
  .join("\n");

describe("the words of the console", () => {
  const dutch = table("nl");
  const english = table("en");

  it("are there in both languages, with the same places to fill in", () => {
    expect(keys(english)).toEqual(keys(dutch));
    for (const [room, words] of Object.entries(dutch)) {
      for (const [word, text] of Object.entries(words)) {
        expect(holes(english[room]?.[word] ?? ""), `${room}.${word}`).toEqual(holes(text));
        expect(text.trim(), `${room}.${word}`).not.toBe("");
      }
    }
  });

  it("exist for every key that the source names", () => {
    const known = new Set(keys(dutch));
    const named = [...source.matchAll(/["'`]([a-z]+\.[a-z_0-9-]+)["'`]/gi)].map(([, key]) => key ?? "");
    const rooms = new Set(Object.keys(dutch));
    const missing = named.filter((key) => rooms.has(key.split(".")[0] ?? "") && !known.has(key));

    expect(missing).toEqual([]);
  });

  it("are all used: a sentence nobody shows is one nobody keeps true", () => {
    const starts = [...source.matchAll(/`([a-z]+\.[a-z_]*)\$\{/g)].map(([, start]) => start ?? "");
    const unused = keys(dutch).filter(
      (key) => !source.includes(`"${key}"`) && !starts.some((start) => start !== "" && key.startsWith(start)),
    );

    expect(unused).toEqual([]);
  });

  it("have a sentence for every refusal that a console can meet", () => {
    const contract = readFileSync(join(HERE, "../shared/contract.gen.ts"), "utf8");
    const codes = /type RefusalCode =([\s\S]*?);/.exec(contract)?.[1] ?? "";
    const forVisitorsOnly = ["bad-origin", "bad-signature", "line-closed", "line-full", "ticket-gone"];
    const missing = [...codes.matchAll(/"([a-z-]+)"/g)]
      .map(([, code]) => code ?? "")
      .filter((code) => !forVisitorsOnly.includes(code) && dutch["codes"]?.[code] === undefined);

    expect(missing).toEqual([]);
  });
});
