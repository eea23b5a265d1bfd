import { describe, expect, it } from "vitest";

import { asOrder, formFault, type ShiftForm } from "./shifts.ts";

const FORM: ShiftForm = { date: "2026-11-24", starts: "19:00", ends: "23:00", channels: ["chat"], wanted: "2" };

describe("the form for a new shift", () => {
  it("is sent when it is whole, also over midnight", () => {
    expect(formFault(FORM)).toBeNull();
    expect(formFault({ ...FORM, starts: "23:00", ends: "03:00" })).toBeNull();
    expect(asOrder(FORM)).toEqual({ ...FORM, wanted: 2, branch: null });
  });

  it.each([
    [{ date: "" }, "need_date"],
    [{ starts: "" }, "need_times"],
    [{ ends: "19:00" }, "zero"],
    [{ channels: [] }, "need_channel"],
    [{ wanted: "0" }, "need_wanted"],
    [{ wanted: "" }, "need_wanted"],
    [{ wanted: "2.5" }, "need_wanted"],
    [{ wanted: "21" }, "need_wanted"],
  ] as const)("with %o says %s", (change, fault) => {
    expect(formFault({ ...FORM, ...change })).toBe(fault);
  });
});
