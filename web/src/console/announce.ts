/** What is said once to who cannot see it; never a word of a conversation. */

import type { CoachSide, JoinedView, OfferView } from "../shared/contract.gen.ts";
import { waiting } from "./coaching/coach.ts";
import { EMPTY_ROOM, type State, unread } from "./line/state.ts";
import { t } from "./words.svelte.ts";

/** An offer, and how long it waits. */
export function offerSaid(offer: OfferView | null, isOwnPhone: boolean): string {
  if (offer === null) return "";
  const what = `${t("calls.offer")}: ${t(`calls.channel_${offer.channel}`)}, ${t(`calls.language_${offer.language}`)}.`;
  const from = offer.from_alias === null ? [] : [t("handing.offered", { alias: offer.from_alias })];
  const rings = offer.channel === "phone" && isOwnPhone;
  return [what, ...from, ...(rings ? [t("phone.offer_own"), t("phone.offer_time_own")] : [t("calls.offer_time")])].join(" ");
}

/** A question to read along. */
export function invitedSaid(asked: JoinedView | null): string {
  return asked === null ? "" : `${t("join.invited", { alias: asked.alias })} ${t("join.invited_time")}`;
}

/** Every request for help that nobody has taken, for who is on duty. */
export function requestsSaid(side: CoachSide | undefined): string {
  if (side?.on_duty !== true) return "";
  return waiting(side)
    .map((one) => {
      const from = one.branch_name === null ? one.name : t("coach.from", { name: one.name, branch: one.branch_name });
      return t(one.urgent ? "coach.said_urgent" : "coach.said", { from, about: t(`coach.channel_${one.channel ?? "none"}`) });
    })
    .join(" ");
}

/** How much is unread in the conversations that are not on the screen. */
export function unreadSaid(now: State): string {
  return (now.snapshot?.contacts ?? [])
    .filter((one) => one.contact !== now.open && unread(now.rooms[one.contact] ?? EMPTY_ROOM) > 0)
    .map((one) => `${t("calls.chat", { number: one.number })}: ${t("calls.unread_long", { n: unread(now.rooms[one.contact] ?? EMPTY_ROOM) })}`)
    .join(". ");
}

/** What waits at the desk, in one or two words, for who looks at another part; empty: nothing. */
export function signalOf(now: State, asked: JoinedView | null): string {
  const { snapshot } = now;
  if (snapshot === null) return "";
  if (snapshot.offer !== null) return t("calls.offer");
  if (asked !== null) return t("join.invited_title");
  if (snapshot.coaching.on_duty && waiting(snapshot.coaching).length > 0) return t("coach.signal");
  const count = snapshot.contacts.reduce((sum, one) => sum + unread(now.rooms[one.contact] ?? EMPTY_ROOM), 0);
  return count === 0 ? "" : t("calls.unread", { n: count });
}
