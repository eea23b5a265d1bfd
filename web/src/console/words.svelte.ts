/** The words of the console in the language that the reader chose. */

import english from "../../../texts/console.en.toml";
import dutch from "../../../texts/console.nl.toml";

import type { Tongue } from "./times.ts";

type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;

const TABLES: Readonly<Record<Tongue, Table>> = { nl: dutch as Table, en: english as Table };

const KEPT_AS = "ll-console-language";

function remembered(): Tongue {
  try {
    return localStorage.getItem(KEPT_AS) === "en" ? "en" : "nl";
  } catch {
    return "nl";
  }
}

const chosen = $state<{ tongue: Tongue }>({ tongue: remembered() });

/** The language in use. */
export function tongue(): Tongue {
  return chosen.tongue;
}

/** Changes the language of every word on the screen. */
export function speak(to: Tongue): void {
  chosen.tongue = to;
  document.documentElement.lang = to;
  try {
    localStorage.setItem(KEPT_AS, to);
  } catch {
    // Storage may be off: then the choice lasts until the page is closed.
  }
}

function word(key: string): string | undefined {
  const [room = "", ...rest] = key.split(".");
  return TABLES[chosen.tongue][room]?.[rest.join(".")];
}

/** One text, with `{name}` filled in; a missing key shows itself and fails the text test. */
export function t(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  const found = word(key) ?? key;
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The sentence for a refusal code; an unknown code gets the general sentence. */
export function because(code: string): string {
  return word(`codes.${code}`) ?? t("codes.unknown");
}
