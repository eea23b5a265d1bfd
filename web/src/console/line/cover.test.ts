// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";

import type { ConsoleSnapshot } from "../../shared/contract.gen.ts";
import Notices from "../Notices.svelte";
import { show } from "../test-page.ts";

const said = (cover: ConsoleSnapshot["cover"]) => {
  document.body.replaceChildren();
  show(Notices, { banner: "", refusal: "", cover, notices: [], onRefusalRead: vi.fn(), onClose: vi.fn() });
  return [...document.querySelectorAll('[role="status"]')].map((each) => each.textContent?.trim() ?? "").join("");
};

describe("too few on the line", () => {
  it("is said in words to who is there, and nothing is said when enough are there", () => {
    expect(said("good")).toBe("");
    expect(said("alone")).toContain("één vrijwilliger op de hele lijn");
    expect(said("alone_no_coach")).toContain("geen achterwacht bereikbaar");
    expect(said("no_mentor")).toContain("Je mentor is nog niet beschikbaar");
    expect(said("nobody")).toContain("er is nu niemand");
  });

  it("never says that the line closes", () => {
    for (const cover of ["alone", "alone_no_coach"] as const) expect(said(cover)).toContain("De lijn blijft open.");
  });
});
