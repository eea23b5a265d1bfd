/** The werkwijzer, fetched whole at the start and kept in memory: it works without the network. */

import type { HelpNumber, Werkwijzer } from "../shared/contract.gen.ts";
import { werkwijzer } from "./api.ts";

const AGAIN_AFTER_MS = 5_000;

class GuideShelf {
  content: Werkwijzer | null = $state.raw(null);
  hasFailed: boolean = $state(false);
  #isAsking = false;

  /** Fetches it once; asks again by itself until it has come. */
  async fetch(): Promise<void> {
    if (this.content !== null || this.#isAsking) return;
    this.#isAsking = true;
    const answer = await werkwijzer();
    this.#isAsking = false;
    if (answer.ok) {
      this.content = answer.value;
      this.hasFailed = false;
    } else {
      this.hasFailed = true;
      if (answer.code === "unreachable") setTimeout(() => void this.fetch(), AGAIN_AFTER_MS);
    }
  }

  /** Numbers that this line lets a volunteer call in. */
  get callable(): HelpNumber[] {
    return (this.content?.numbers ?? []).filter((one) => one.callable);
  }

  /** Numbers and sites that may stand in a message without a question. */
  get known(): string[] {
    const numbers = this.content?.numbers ?? [];
    return numbers.flatMap((one) => [one.number, one.web ?? ""]).filter((word) => word !== "");
  }
}

export const guide = new GuideShelf();
