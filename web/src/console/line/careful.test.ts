import { describe, expect, it } from "vitest";

import { careful } from "./careful.ts";

describe("what is looked at twice before it is sent", () => {
  it.each([
    ["Bel me op 06-12345678", "phone"],
    ["mijn nummer is 0612345678", "phone"],
    ["+31 6 1234 5678", "phone"],
    ["(030) 123 45 67", "phone"],
    ["zes: 06 12 34 56 78!", "phone"],
    ["schrijf naar jan.jansen@voorbeeld.nl", "mail"],
    ["jan(at)voorbeeld.nl", "mail"],
    ["ik woon op 3511 AB", "postal"],
    ["ik woon op 3511ab", "postal"],
    ["Dorpsstraat 12", "postal"],
    ["Lange Nieuwstraat 4b in Utrecht", "postal"],
    ["kijk op https://voorbeeld.org/pagina", "link"],
    ["zie www.voorbeeld.nl", "link"],
    ["zoek voorbeeld.nl eens op", "link"],
  ])("%s holds a %s", (text, kind) => {
    expect(careful(text)).toContain(kind);
  });

  it.each([
    "Goedenavond. Vertel maar.",
    "Ik ben 83 en woon al 40 jaar alleen.",
    "Het was in 1953, of 1954.",
    "Dat was op 24-11-2026 om 20.15 uur.",
    "U kunt 112 of 113 bellen.",
    "Hoe is dat voor u? Ik ben er.",
    "In 2024 is hij overleden.",
    "Ik kom om 8.30 uur en blijf tot 12.45 uur.",
    "Er waren 1500 mensen.",
  ])("%s is sent without a question", (text) => {
    expect(careful(text)).toEqual([]);
  });

  it("lets the numbers and sites of the werkwijzer through", () => {
    const known = ["0800-0113", "113.nl", "0800-2000"];

    expect(careful("113 Zelfmoordpreventie: 0800-0113, of 113.nl", known)).toEqual([]);
    expect(careful("Veilig Thuis: 0800-2000. En ik ben 06-12345678", known)).toEqual(["phone"]);
  });

  it("names each kind once, and a mail address is not also a link", () => {
    expect(careful("jan@voorbeeld.nl of piet@voorbeeld.nl")).toEqual(["mail"]);
    expect(careful("06-12345678, jan@voorbeeld.nl, 3511 AB, www.voorbeeld.nl")).toEqual(["phone", "mail", "postal", "link"]);
  });
});
