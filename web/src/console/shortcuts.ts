/** The keys of the console; all with Alt, so that none collides with typing. */

export type Wanted = "next" | "guide" | "keys" | "offer" | "mute" | "help" | 1 | 2 | 3;

type Pressed = Pick<KeyboardEvent, "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "code" | "key">;

/** What a key press asks for; null when it is not ours. AltGr (Ctrl and Alt together) is typing. */
export function shortcut({ altKey, ctrlKey, metaKey, shiftKey, code, key }: Pressed): Wanted | null {
  if (!altKey || ctrlKey || metaKey) return null;
  if (key === "?" || (code === "Slash" && shiftKey)) return "keys";
  switch (code) {
    case "KeyH":
      return "help";
    case "KeyN":
      return "next";
    case "KeyW":
      return "guide";
    case "KeyO":
      return "offer";
    case "KeyM":
      return "mute";
    case "Digit1":
      return 1;
    case "Digit2":
      return 2;
    case "Digit3":
      return 3;
    default:
      return null;
  }
}
