/** A branch's roster as its planner works on it: what is looked at, what was done, what takes it back. */

import type { Board, BoardPlace, BoardShift, Mend, NewShift, PutOnShift, Who } from "../../shared/contract.gen.ts";
import { addShift, type Answer, cancelShift } from "../api.ts";
import { acceptMend, board, cannotCome, mendPlace, pinPlace, putOnShift, takeOffPlace, who } from "./planner-api.ts";
import { byLoss, daysFrom, monthOf, nextGap } from "./planner-grid.ts";
import { type Act, type Acts, type Back, done, takeBack, without } from "./planner-undo.ts";
import type { How } from "./planner-view.ts";
import { dateOf, mondayOf } from "../times.ts";
import { because, t } from "../words.svelte.ts";

export type Span = "week" | "month";

const WEEK = 7;

export class Planner {
  span: Span = $state("week");
  /** the Monday of the week, or a day of the month */
  from: string = $state("");
  board: Board | null = $state.raw(null);
  /** why there is nothing to see */
  refused = $state("");
  said = $state("");
  fault = $state("");
  /** the shift whose panel is open */
  chosen: string | null = $state(null);
  who: Who | null = $state.raw(null);
  whoRefused = $state("");
  acts: Acts = $state.raw([]);

  readonly days = $derived(this.span === "week" ? daysFrom(this.from, WEEK) : monthOf(this.from).flat());
  readonly shifts: readonly BoardShift[] = $derived(this.board?.shifts ?? []);
  now = $state(0);
  readonly gaps = $derived(byLoss(this.shifts, this.now));
  readonly shift = $derived(this.shifts.find((one) => one.shift === this.chosen) ?? null);

  readonly branch: string;
  readonly #onSignedOut: () => void;

  constructor(branch: string, now: number, onSignedOut: () => void) {
    this.branch = branch;
    this.now = now;
    this.from = mondayOf(dateOf(now));
    this.#onSignedOut = onSignedOut;
  }

  refusal(code: string): string {
    if (code === "signed-out") this.#onSignedOut();
    return because(code);
  }

  async load(): Promise<void> {
    const [from, span] = [this.from, this.span];
    const answer = await board(this.branch, this.days[0] ?? from, this.days.length);
    if (from !== this.from || span !== this.span) return;
    this.now = Date.now();
    this.refused = answer.ok ? "" : this.refusal(answer.code);
    if (answer.ok) this.board = answer.value;
  }

  async go(date: string, span: Span = this.span): Promise<void> {
    this.span = span;
    this.from = span === "week" ? mondayOf(date) : date;
    this.board = null;
    this.close();
    this.#clear();
    await this.load();
  }

  open(shift: string): void {
    if (this.chosen !== shift) this.#clear();
    this.chosen = shift;
    this.who = null;
    this.whoRefused = "";
    void this.#loadWho();
  }

  close(): void {
    this.chosen = null;
    this.who = null;
  }

  /** The open place that costs most after the one looked at; null: there is none. */
  nextGap(from: string | null): string | null {
    return nextGap(this.gaps, from ?? this.chosen);
  }

  async putOn(shift: BoardShift, person: string, name: string, how: How): Promise<boolean> {
    const order: PutOnShift = { person, role: how.reserve ? "reserve" : null, allowed: how.allowed, on_behalf: how.onBehalf };
    const act: Act = { kind: "put-on", shift: shift.shift, date: shift.date, person, name, role: order.role, allowed: order.allowed, onBehalf: how.onBehalf };
    return this.#do(putOnShift(shift.shift, order), t("branch.put_on_done", { name }), act);
  }

  async takeOff(shift: BoardShift, place: BoardPlace): Promise<boolean> {
    const words = t("branch.take_off_done", { name: place.name });
    return this.#do(takeOffPlace(place.place), words, taken(shift, place));
  }

  async pin(shift: BoardShift, place: BoardPlace): Promise<boolean> {
    const pinned = !place.pinned;
    const act: Act | null =
      place.person === null ? null : { kind: "pin", shift: shift.shift, date: shift.date, person: place.person, name: place.name, pinned };
    return this.#do(pinPlace(place.place, pinned), t(pinned ? "planner.pin_done" : "planner.unpin_done", { name: place.name }), act);
  }

  /** Somebody told that they cannot come: the place is open, and who can take it is asked again. */
  async cannot(shift: BoardShift, place: BoardPlace): Promise<boolean> {
    return this.#do(cannotCome(place.place), t("planner.cannot_done", { name: place.name }), taken(shift, place));
  }

  /** How the hole can be filled; null: that could not be asked. */
  async mend(place: BoardPlace): Promise<Mend | null> {
    const answer = await mendPlace(place.place);
    return answer.ok ? answer.value : null;
  }

  /** Moves everybody as it was shown, all at once or nobody. */
  async accept(shift: BoardShift, place: BoardPlace, mend: Mend): Promise<boolean> {
    const changes = mend.changes.map(({ person, old, new: to }) => ({ person, old: old?.shift ?? null, new: to?.shift ?? null }));
    const isDone = await this.#do(acceptMend(place.place, { changes }), t("planner.mend_done"), null);
    // Several people moved: what was done before on this shift no longer fits.
    if (isDone) this.acts = without(this.acts, shift.shift);
    return isDone;
  }

  /** Gives the words of a refusal, or null when it was added. */
  async add(order: NewShift, words: (shift: { starts_at: number; ends_at: number }) => string): Promise<string | null> {
    const answer = await addShift({ ...order, branch: this.branch });
    if (!answer.ok) return this.refusal(answer.code);
    await this.go(order.date, "week");
    this.said = words(answer.value);
    const added = this.shifts.find((one) => one.shift === answer.value.shift);
    if (added !== undefined) this.acts = done(this.acts, { kind: "add", shift: added.shift, date: added.date });
    return null;
  }

  async cancel(shift: BoardShift): Promise<boolean> {
    const isDone = await this.#do(cancelShift(shift.shift), t("branch.cancelled_done"), null);
    if (isDone) this.acts = without(this.acts, shift.shift);
    return isDone;
  }

  /** Takes back what was done last, and shows it. */
  async undo(): Promise<void> {
    const last = takeBack(this.acts);
    if (last === null) return;
    this.acts = last.left;
    if (this.span === "month" || !this.days.includes(last.back.date)) await this.go(last.back.date, "week");
    const answer = await this.#carry(last.back);
    await this.#again();
    this.fault = answer.ok ? "" : t("planner.undo_failed", { why: this.refusal(answer.code) });
    this.said = answer.ok ? this.#undone(last.back) : "";
  }

  /** Looks again at what stands there, and who can. */
  async again(): Promise<void> {
    await this.#again();
  }

  async #loadWho(): Promise<void> {
    const asked = this.chosen;
    const shift = this.shift;
    if (asked === null || shift === null || shift.state === "cancelled" || shift.ends_at <= this.now) return;
    const answer = await who(asked);
    if (asked !== this.chosen) return;
    this.whoRefused = answer.ok ? "" : this.refusal(answer.code);
    this.who = answer.ok ? answer.value : null;
  }

  async #again(): Promise<void> {
    await Promise.all([this.load(), this.#loadWho()]);
  }

  async #do(asked: Promise<Answer<unknown>>, words: string, act: Act | null): Promise<boolean> {
    const answer = await asked;
    this.said = answer.ok ? words : "";
    this.fault = answer.ok ? "" : this.refusal(answer.code);
    if (answer.ok && act !== null) this.acts = done(this.acts, act);
    await this.#again();
    return answer.ok;
  }

  async #carry(back: Back): Promise<Answer<unknown>> {
    if (back.kind === "remove") return cancelShift(back.shift);
    if (back.kind === "put-on") {
      const { person, role, allowed, onBehalf } = back;
      return putOnShift(back.shift, { person, role, allowed, on_behalf: onBehalf });
    }
    const shift = this.shifts.find((one) => one.shift === back.shift);
    const place = shift?.places.find((one) => one.person === back.person);
    if (place === undefined) return { ok: false, code: "not-found" };
    return back.kind === "pin" ? pinPlace(place.place, back.pinned) : takeOffPlace(place.place);
  }

  #undone(back: Back): string {
    if (back.kind === "remove") return t("planner.undone_add");
    const name = back.name;
    if (back.kind === "pin") return t(back.pinned ? "planner.pin_done" : "planner.unpin_done", { name });
    return t(back.kind === "put-on" ? "planner.undone_off" : "planner.undone_on", { name });
  }

  #clear(): void {
    this.said = "";
    this.fault = "";
  }
}

function taken(shift: BoardShift, place: BoardPlace): Act | null {
  const { person, name, role, allowed, on_behalf: onBehalf } = place;
  if (person === null) return null;
  // The server sends what it takes: the words of the two are the same.
  const as = { role: role as PutOnShift["role"], allowed: allowed as PutOnShift["allowed"] };
  return { kind: "take-off", shift: shift.shift, date: shift.date, person, name, ...as, onBehalf };
}
