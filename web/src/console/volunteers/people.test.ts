import { describe, expect, it } from "vitest";

import type { VolunteerRow } from "../../shared/contract.gen.ts";
import { FILTERS, found, hoursWords, intervisionWords, remarks, sinceWords, stepWords, vogWords } from "./people.ts";

const TODAY = "2026-11-24";

function row(name: string, change: Partial<VolunteerRow> = {}): VolunteerRow {
  return {
    person: `person ${name}`,
    name,
    sign_in: name.toLowerCase(),
    branch: "branch",
    branch_name: "Utrecht",
    training: [{ channel: "chat", status: "independent", since: null }],
    vog: "2025-01-02",
    vog_state: "fine",
    intervision: "2026-10-01",
    intervision_state: "fine",
    hours_agreed: 16,
    hours_worked: 12.5,
    next_shift_at: null,
    away_until: null,
    leaves: null,
    no_computer: false,
    ...change,
  };
}

const names = (rows: readonly VolunteerRow[]): string[] => rows.map((each) => each.name);

describe("finding a volunteer", () => {
  it("finds by any part of the name, whatever stands on its letters", () => {
    const rows = [row("Zoë de Vries"), row("Anja Bos")];

    expect(names(found(rows, "zoe", "all", TODAY))).toEqual(["Zoë de Vries"]);
    expect(names(found(rows, " BOS ", "all", TODAY))).toEqual(["Anja Bos"]);
    expect(names(found(rows, "", "all", TODAY))).toEqual(["Zoë de Vries", "Anja Bos"]);
    expect(found(rows, "piet", "all", TODAY)).toEqual([]);
  });

  it("keeps with each filter only those it names", () => {
    const rows = [
      row("fine"),
      row("vog", { vog_state: "soon" }),
      row("intervision", { intervision_state: "missing", intervision: null }),
      row("training", { training: [{ channel: "phone", status: "walking_along", since: "2026-11-01" }] }),
      row("away", { away_until: TODAY }),
      row("back", { away_until: "2026-11-23" }),
      row("leaves", { leaves: "2026-12-31" }),
      row("no_computer", { no_computer: true }),
    ];

    for (const filter of FILTERS.filter((each) => each !== "all")) expect(names(found(rows, "", filter, TODAY))).toEqual([filter]);
  });
});

describe("what is said of a volunteer", () => {
  it("says in words that a paper is missing, nearly old or old", () => {
    expect(vogWords(row("a"))).toBe("2 januari 2025");
    expect(vogWords(row("a", { vog: null, vog_state: "missing" }))).toBe("ontbreekt");
    expect(vogWords(row("a", { vog_state: "soon" }))).toContain("bijna oud");
    expect(vogWords(row("a", { vog_state: "old" }))).toContain("te oud");
    expect(intervisionWords(row("a", { intervision: null, intervision_state: "missing" }))).toBe("niet bekend");
    expect(intervisionWords(row("a", { intervision_state: "old" }))).toContain("lang geleden");
  });

  it("says hours against what was agreed, and what stands out", () => {
    expect(hoursWords(row("a"))).toBe("12,5 van 16");
    expect(remarks(row("a"), TODAY)).toEqual([]);
    expect(remarks(row("a", { away_until: "2026-12-01", leaves: "2027-01-31", no_computer: true }), TODAY)).toEqual([
      "lang verlof tot en met 1 december 2026",
      "laatste dag: 31 januari 2027",
      "zonder computer",
    ]);
  });

  it("says how far somebody is, and since when", () => {
    expect(stepWords({ channel: "phone", status: "walking_along", since: TODAY })).toBe("telefoon: meeloopfase");
    expect(sinceWords({ channel: "phone", status: "walking_along", since: TODAY })).toBe("sinds 24 november 2026");
    expect(sinceWords({ channel: "chat", status: "independent", since: null })).toBe("van het begin af");
  });
});
