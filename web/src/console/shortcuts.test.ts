import { describe, expect, it } from "vitest";

import { shortcut } from "./shortcuts.ts";

const NOTHING = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, code: "", key: "" };

describe("the keys of the console", () => {
  it("are all with Alt", () => {
    expect(shortcut({ ...NOTHING, altKey: true, code: "KeyN", key: "n" })).toBe("next");
    expect(shortcut({ ...NOTHING, altKey: true, code: "KeyW", key: "w" })).toBe("guide");
    expect(shortcut({ ...NOTHING, altKey: true, code: "KeyO", key: "o" })).toBe("offer");
    expect(shortcut({ ...NOTHING, altKey: true, code: "KeyM", key: "m" })).toBe("mute");
    expect(shortcut({ ...NOTHING, altKey: true, code: "KeyH", key: "h" })).toBe("help");
    expect(shortcut({ ...NOTHING, altKey: true, code: "Digit2", key: "2" })).toBe(2);
    expect(shortcut({ ...NOTHING, altKey: true, shiftKey: true, code: "Slash", key: "?" })).toBe("keys");
  });

  it("leave typing alone, also with AltGr", () => {
    expect(shortcut({ ...NOTHING, code: "KeyN", key: "n" })).toBeNull();
    expect(shortcut({ ...NOTHING, altKey: true, ctrlKey: true, code: "Digit2", key: "²" })).toBeNull();
    expect(shortcut({ ...NOTHING, altKey: true, code: "KeyX", key: "x" })).toBeNull();
  });
});
