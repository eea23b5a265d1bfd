import { describe, expect, it } from "vitest";

import { blank, heavinessOfKey, toggledReferred, toggledTopic, whole } from "./wrapup.ts";

describe("the wrap-up form", () => {
  it("is whole with the nature alone", () => {
    expect(whole(blank())).toBeNull();
    expect(whole({ ...blank(), nature: "silent" })).toEqual({
      nature: "silent",
      topics: [],
      loneliness: null,
      age: null,
      referred: [],
      heaviness: null,
    });
  });

  it("is not whole without the nature, whatever else is filled in", () => {
    expect(whole({ ...blank(), topics: ["alone"], heaviness: 5, age: "unknown" })).toBeNull();
  });

  it("begins with abuse as its nature after an abusive end", () => {
    expect(whole(blank("abuse"))?.nature).toBe("abuse");
  });

  it("takes three topics and no fourth, until one is taken away", () => {
    const three = (["alone", "mourning", "family"] as const).reduce(toggledTopic, blank());

    expect(toggledTopic(three, "money").topics).toEqual(["alone", "mourning", "family"]);
    expect(toggledTopic(toggledTopic(three, "alone"), "money").topics).toEqual(["mourning", "family", "money"]);
  });

  it("lets nothing and something referred exclude each other", () => {
    const named = toggledReferred(toggledReferred(blank(), "113"), "huisarts");

    expect(named.referred).toEqual(["113", "huisarts"]);
    expect(toggledReferred(named, "none").referred).toEqual(["none"]);
    expect(toggledReferred(toggledReferred(named, "none"), "kaart").referred).toEqual(["kaart"]);
  });

  it("reads the keys 1 to 5 as heaviness and no other", () => {
    expect(["1", "2", "3", "4", "5"].map(heavinessOfKey)).toEqual([1, 2, 3, 4, 5]);
    expect(["0", "6", "a", "Enter"].map(heavinessOfKey)).toEqual([null, null, null, null]);
  });
});
