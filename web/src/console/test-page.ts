/** For tests: a component on a page, and the hands that press on it. */

import { type Component, flushSync, mount, unmount } from "svelte";
import { afterEach, beforeAll, expect } from "vitest";

let shown: Record<string, unknown>[] = [];

/** Shows a component. */
export function show(component: unknown, props: object): HTMLElement {
  shown.push(mount(component as Component, { target: document.body, props: props as never }));
  flushSync();
  return document.body;
}

/** The button with exactly these words. */
export function button(words: string): HTMLButtonElement {
  const found = [...document.querySelectorAll("button")].find((one) => one.textContent.trim() === words);
  return found ?? expect.fail(`no button ${words}`);
}

export function click(words: string): void {
  button(words).click();
  flushSync();
}

export function press(key: string, target: EventTarget = document.body): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  flushSync();
}

beforeAll(() => {
  // jsdom knows no modal dialogs; open and closed is all that is asked of them here.
  HTMLDialogElement.prototype.showModal ??= function show(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.open = false;
  };
});

afterEach(() => {
  for (const one of shown) void unmount(one);
  shown = [];
  document.body.replaceChildren();
});
