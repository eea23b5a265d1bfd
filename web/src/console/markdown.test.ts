import { describe, expect, it } from "vitest";

import { blocks, spans } from "./markdown.ts";

const plain = (text: string) => [{ text, bold: false }];

describe("the Markdown of a card", () => {
  it("reads headings, paragraphs and lists in order", () => {
    const source = "## Eerst\nBlijf. Je hoeft\nniets op te lossen.\n\n- een\n- twee\n\n1. eerst\n2. dan";

    expect(blocks(source)).toEqual([
      { kind: "heading", level: 2, spans: plain("Eerst") },
      { kind: "paragraph", spans: plain("Blijf. Je hoeft niets op te lossen.") },
      { kind: "list", ordered: false, items: [plain("een"), plain("twee")] },
      { kind: "list", ordered: true, items: [plain("eerst"), plain("dan")] },
    ]);
  });

  it("keeps a list that follows a line without an empty line", () => {
    expect(blocks("Vraag:\n- een\n  met een staart\n* twee").map((block) => block.kind)).toEqual(["paragraph", "list"]);
    expect(blocks("- een\n  met een staart")).toEqual([
      { kind: "list", ordered: false, items: [plain("een met een staart")] },
    ]);
  });

  it("shows bold words and leaves an unclosed mark as it is", () => {
    expect(spans("open **Leven in gevaar** nu")).toEqual([
      { text: "open ", bold: false },
      { text: "Leven in gevaar", bold: true },
      { text: " nu", bold: false },
    ]);
    expect(spans("twee ** sterren")).toEqual(plain("twee ** sterren"));
  });

  it("treats HTML and links as plain text", () => {
    const source = '<img src=x onerror="alert(1)"> [hier](https://voorbeeld.nl)';

    expect(blocks(source)).toEqual([{ kind: "paragraph", spans: plain(source) }]);
  });

  it("gives nothing for an empty card, and reads Windows line ends", () => {
    expect(blocks("")).toEqual([]);
    expect(blocks("een\r\n\r\ntwee")).toHaveLength(2);
  });
});
