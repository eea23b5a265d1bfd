import { describe, expect, it } from "vitest";

import { band, line, roundTop, scale } from "./chart.ts";

const TO = scale({ width: 108, height: 118, left: 0, below: 10 }, 3, 100);

describe("a chart of days", () => {
  it.each([
    [0, 1],
    [0.4, 1],
    [7, 10],
    [10, 10],
    [11, 20],
    [230, 250],
    [980, 1000],
  ])("ends above %f at %i", (value, top) => {
    expect(roundTop(value)).toBe(top);
  });

  it("stands on zero at the bottom and goes to the right", () => {
    expect([TO.x(0), TO.x(2), TO.y(0), TO.y(100)]).toEqual([0, 100, 108, 8]);
  });

  it("breaks its line where nothing is known", () => {
    expect(line([0, null, 100], TO)).toBe("M0 108M100 8");
    expect(line([0, 50, 100], TO)).toBe("M0 108L50 58L100 8");
    expect(line([], TO)).toBe("");
  });

  it("draws a band only where both its sides are known", () => {
    expect(band([0, 10, null], [50, 60, 70], TO)).toBe("M0 58L50 48L50 98L0 108Z");
    expect(band([null], [null], TO)).toBe("");
  });
});
