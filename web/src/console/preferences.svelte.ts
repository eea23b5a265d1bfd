/** What a volunteer likes on this computer; nothing in it says who or with whom. */

const KEPT_AS = "ll-console-preferences";

interface Preferences {
  sound: boolean;
  /** the conversation clock is off until the volunteer turns it on */
  clock: boolean;
  notices: boolean;
}

const USUAL: Preferences = { sound: true, clock: false, notices: false };

function remembered(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}");
    return { ...USUAL, ...(kept as Partial<Preferences>) };
  } catch {
    return { ...USUAL };
  }
}

export const preferences = $state<Preferences>(remembered());

/** Changes one preference and remembers it where storage is allowed. */
export function prefer<K extends keyof Preferences>(name: K, value: Preferences[K]): void {
  preferences[name] = value;
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(preferences));
  } catch {
    // Then it lasts until the page is closed.
  }
}
