/** Sound and browser notification for what comes in; never a word of a conversation in either. */

import { preferences } from "./preferences.svelte.ts";
import { ring, tick } from "./line/sounds.ts";
import { t } from "./words.svelte.ts";

function notify(kind: "offer" | "line" | "help"): void {
  if (!preferences.notices || !document.hidden) return;
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const notice = new Notification(t(`notice.${kind}`), { tag: `luisterlijn-${kind}`, silent: true });
  notice.onclick = () => window.focus();
}

/** A new offer stands before the volunteer. */
export function offerCame(): void {
  if (preferences.sound) ring();
  notify("offer");
}

/** Somebody asks the coach for help. */
export function helpCame(): void {
  if (preferences.sound) ring();
  notify("help");
}

/** A call, or an urgent request for help, still waits for an answer. */
export function offerRings(): void {
  if (preferences.sound) ring();
}

/** A visitor wrote something that is not before the volunteer's eyes. */
export function lineCame(): void {
  if (preferences.sound) tick();
  notify("line");
}
