import { describe, expect, it } from "vitest";

import { type Act, type Acts, done, takeBack, without } from "./planner-undo.ts";

const VERA = { shift: "s", date: "2026-11-24", person: "vera", name: "Vera" };
const put: Act = { ...VERA, kind: "put-on", role: "listener", allowed: null, onBehalf: false };
const pin: Act = { ...VERA, kind: "pin", pinned: true };
const add: Act = { kind: "add", shift: "t", date: "2026-11-25" };

describe("taking back", () => {
  it("goes from the last act to the first", () => {
    let acts: Acts = [put, pin, add].reduce<Acts>(done, []);
    const backs = [];
    for (let step = takeBack(acts); step !== null; step = takeBack(acts)) {
      backs.push(step.back);
      acts = step.left;
    }

    expect(backs).toEqual([{ ...add, kind: "remove" }, { ...pin, pinned: false }, { ...put, kind: "take-off" }]);
    expect(takeBack(acts)).toBeNull();
  });

  it("puts somebody back as they were: the role, and why a rule was set aside", () => {
    const off: Act = { ...VERA, kind: "take-off", role: "reserve", allowed: "own-wish", onBehalf: true };

    expect(takeBack([off])?.back).toEqual({ ...off, kind: "put-on" });
  });

  it("forgets what lies too far back, and what a shift that is gone was about", () => {
    const many = Array.from({ length: 80 }, (_, at): Act => ({ ...put, shift: `${at}` })).reduce<Acts>(done, []);

    expect(many).toHaveLength(50);
    expect(many.at(-1)?.shift).toBe("79");
    expect(without([put, add, pin], "s")).toEqual([add]);
  });
});
