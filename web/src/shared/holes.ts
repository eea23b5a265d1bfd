/** Notices a line that is missing from a stream: the counters of a stream run on without a gap. */
import type { Id, Role } from "./contract.gen.ts";

export class Streams {
  readonly #next = new Map<string, number>();

  /** Gives how many lines are missing just before this one. A line seen before counts as none. */
  missingBefore({ by, stream, counter }: { by: Role; stream: Id; counter: number }): number {
    const name = `${by}|${stream}`;
    const expected = this.#next.get(name) ?? 0;
    this.#next.set(name, Math.max(expected, counter + 1));
    return Math.max(0, counter - expected);
  }
}
