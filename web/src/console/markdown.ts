/**
 * The little Markdown of the werkwijzer, as a tree that the view shows with real elements.
 *
 * Pure. Headings, paragraphs, lists and bold; everything else is plain text. There is no way
 * from a card to HTML.
 */

export interface Span {
  readonly text: string;
  readonly bold: boolean;
}

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly spans: readonly Span[] }
  | { readonly kind: "paragraph"; readonly spans: readonly Span[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly Span[][] };

const HEADING = /^(#{1,4})\s+(.*)$/;
const BULLET = /^\s*[-*+]\s+(.*)$/;
const NUMBERED = /^\s*\d{1,2}[.)]\s+(.*)$/;
const BOLD = /\*\*(.+?)\*\*/g;

/** Splits one line into plain and bold parts; an unclosed `**` stays as it is. */
export function spans(line: string): Span[] {
  const found: Span[] = [];
  let from = 0;
  for (const hit of line.matchAll(BOLD)) {
    if (hit.index > from) found.push({ text: line.slice(from, hit.index), bold: false });
    found.push({ text: hit[1] ?? "", bold: true });
    from = hit.index + hit[0].length;
  }
  if (from < line.length) found.push({ text: line.slice(from), bold: false });
  return found;
}

interface Rough {
  readonly kind: "heading" | "paragraph" | "bullets" | "numbers";
  readonly level: number;
  readonly lines: string[];
}

/** Reads one line; `after` is the block it may still belong to (null after an empty line). */
function read(line: string, after: Rough | null): Rough {
  const heading = HEADING.exec(line);
  if (heading !== null) return { kind: "heading", level: (heading[1] ?? "#").length, lines: [heading[2] ?? ""] };
  const bullet = BULLET.exec(line);
  const item = bullet ?? NUMBERED.exec(line);
  if (item !== null) {
    const kind = bullet === null ? "numbers" : "bullets";
    if (after?.kind !== kind) return { kind, level: 0, lines: [item[1] ?? ""] };
    after.lines.push(item[1] ?? "");
    return after;
  }
  if (after === null || after.kind === "heading") return { kind: "paragraph", level: 0, lines: [line.trim()] };
  if (after.kind === "paragraph") after.lines.push(line.trim());
  // A line under a list item belongs to that item, as in Markdown itself.
  else after.lines.push(`${after.lines.pop() ?? ""} ${line.trim()}`);
  return after;
}

function finished(rough: Rough): Block {
  switch (rough.kind) {
    case "heading":
      return { kind: "heading", level: rough.level, spans: spans(rough.lines.join(" ")) };
    case "paragraph":
      return { kind: "paragraph", spans: spans(rough.lines.join(" ")) };
    case "bullets":
    case "numbers":
      return { kind: "list", ordered: rough.kind === "numbers", items: rough.lines.map(spans) };
  }
}

/** Blocks of a card, in order. */
export function blocks(source: string): Block[] {
  const found: Rough[] = [];
  let last: Rough | null = null;
  for (const raw of source.replace(/\r\n?/g, "\n").split("\n")) {
    const line = raw.trimEnd();
    if (line.trim() === "") {
      last = null;
      continue;
    }
    const block: Rough = read(line, last);
    if (block !== last) found.push(block);
    last = block;
  }
  return found.map(finished);
}
