"""How simulated people behave: chatters and volunteers, with all their misfortunes."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, get_args

from luisterlijn.dispatch.wire import Age, Loneliness, Nature, Referred, Topic
from luisterlijn.edge.world import SystemClock, SystemTokens
from luisterlijn.simulation.record import Count
from luisterlijn.simulation.stage import Chat
from luisterlijn.simulation.visitor import Visitor
from luisterlijn.simulation.wire import Gone, Refused

if TYPE_CHECKING:
    import aiohttp

    from luisterlijn.dispatch.wire import OfferView
    from luisterlijn.simulation.chance import Chance
    from luisterlijn.simulation.listener import Listener
    from luisterlijn.simulation.stage import Stage

PATIENCE_S = 600.0
LAPSE_S = 25.0
"""An offer of 20 s that nobody answers is gone by then."""
VANISH_WITHIN_S = 20.0
"""Who vanishes costs the chatter 30 s: only early, so that the play ends in about a minute."""
GONE_AT_MOST = 4
"""At most one in so many volunteers vanishes for good."""
BACK_AFTER_S = 40.0
LEFT_S = 45.0
"""Longer than a volunteer may be silent before the chat waits again (30 s)."""
ENDING_S = 3.0
"""Within this a page hears that its chat ended."""
WORDS = (
    "stil huis avond zoon bellen wandelen regen koffie brief buurvrouw slapen zondag moeilijk"
    " vroeger tuin missen praten bang dokter muziek"
).split()


def sentence(chance: Chance, who: str, number: int) -> str:
    """Make words up; some are long, none is written twice."""
    count = chance.pick((3, 6, 12, 60, 250)) if chance.happens(0.3) else 5
    return " ".join([f"{who}.{number}", *(chance.pick(WORDS) for _ in range(count))])


class Chatter:
    """Somebody who wants to talk."""

    def __init__(
        self, stage: Stage, http: aiohttp.ClientSession, public_url: str, number: int
    ) -> None:
        """Give them their own chance."""
        self._stage = stage
        self._http = http
        self._public_url = public_url
        self._name = f"c{number}"
        self._chance = stage.chance(self._name)
        self._said = 0

    async def live(self) -> None:
        """Begin a chat, wait, talk, and end it or be there when it ends."""
        visitor = await self._begin()
        if visitor is None:
            self._stage.tally.turned_away += 1
            return
        chat = self._stage.chats[visitor.contact] = Chat(visitor)
        async with asyncio.TaskGroup() as group:
            page = group.create_task(visitor.run(), name="page")
            try:
                with contextlib.suppress(Gone):
                    await self._chat(visitor, chat)
            finally:
                page.cancel()

    async def _begin(self) -> Visitor | None:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    return await Visitor.begin(
                        self._http,
                        self._public_url,
                        SystemTokens(),
                        SystemClock(),
                        self._chance.pick(("nl", "nl", "nl", "en")),
                    )
                except Refused as refused:
                    if refused.code == "line-closed":
                        return None
                except Gone:
                    pass
                await asyncio.sleep(self._chance.between(0.5, 1.5))

    async def _chat(self, visitor: Visitor, chat: Chat) -> None:
        for _ in range(self._chance.below(3)):
            self._say(visitor)
        if self._chance.happens(0.12):
            await visitor.changed.until(
                lambda: not visitor.waits, self._chance.between(0, 40) / self._stage.speed
            )
            if visitor.waits:
                chat.abandoned = True
                await visitor.end()
                return
        if not await visitor.changed.until(lambda: not visitor.waits or visitor.over, PATIENCE_S):
            return
        chat.answered = not visitor.waits
        for _ in range(3 + self._chance.below(8)):
            await self._stage.pause(self._chance, 4, 30)
            if visitor.over:
                break
            self._say(visitor)
            if not self._stage.calm:
                await self._misfortune(visitor)
        await self._part(visitor, chat)

    def _say(self, visitor: Visitor) -> None:
        visitor.say(sentence(self._chance, self._name, self._said))
        self._said += 1

    async def _misfortune(self, visitor: Visitor) -> None:
        if self._chance.happens(0.08):
            self._stage.tally.reloads += 1
            await visitor.reload()
        elif self._chance.happens(0.06):
            self._stage.tally.drops += 1
            await visitor.link.drop(self._chance.pick((0.2, 1.0, 3.0, 6.0, 13.0)))

    async def _part(self, visitor: Visitor, chat: Chat) -> None:
        await visitor.changed.until(
            lambda: visitor.over or not visitor.conversation.unsent, PATIENCE_S
        )
        if not self._stage.calm and not visitor.over and self._chance.happens(0.05):
            chat.left = True
            await visitor.leave()
            # The volunteer still has what was written, and ends it. Who was lost meanwhile does
            # not: nobody has the chat then, its place is only kept.
            ended = await self._stage.settled.until(lambda: chat.verdict is not None, LEFT_S)
            if not ended:
                chat.verdict = self._stage.missing(visitor.contact) or Count()
            return
        patience_s = self._chance.between(0, 90) / self._stage.speed
        await visitor.changed.until(lambda: visitor.over, patience_s)
        while not visitor.over:
            if await self._stage.settle(visitor.contact):
                await visitor.end()
            else:
                await visitor.changed.until(lambda: visitor.over, ENDING_S)
        if self._chance.happens(0.5):
            with contextlib.suppress(Refused, Gone):
                await visitor.opinion(self._chance.pick(("yes", "a_bit", "no")))


class Volunteer:
    """Somebody who listens."""

    def __init__(self, stage: Stage, listener: Listener, number: int) -> None:
        """Give them their own chance."""
        self._stage = stage
        self._listener = listener
        self._name = f"v{number}"
        self._chance = stage.chance(self._name)
        self._busy: set[str] = set()
        self._answered: set[tuple[str, int]] = set()
        self._gone = False
        self._said = 0

    async def live(self) -> None:
        """Sit down, be ready, and take what comes, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listener.run(), name="console")
            while not self._gone:
                await self._sit_down()
                await self._do_next(group)

    async def _sit_down(self) -> None:
        """Be there and ready, also after an offer that lapsed or a time away."""
        listener = self._listener
        await listener.until_up(PATIENCE_S)
        snapshot = listener.snapshot
        if snapshot is None or snapshot.presence.state == "ready" or "pause" in self._busy:
            return
        await self._stage.pause(self._chance, 1, 10)
        with contextlib.suppress(Gone, Refused):
            await listener.presence("ready")

    async def _do_next(self, group: asyncio.TaskGroup) -> None:
        listener = self._listener
        offer, snapshot = listener.offer, listener.snapshot
        if offer is not None and (offer.contact, offer.epoch) not in self._answered:
            self._answered.add((offer.contact, offer.epoch))
            self._begin(group, f"offer {offer.contact} {offer.epoch}", self._answer(offer))
        for contact in list(listener.talks):
            self._begin(group, f"talk {contact}", self._talk(contact))
        for view in snapshot.contacts if snapshot is not None else ():
            if view.state == "wrapup":
                self._begin(group, f"wrap {view.contact}", self._wrap_up(view.contact))
        await listener.changed.until(lambda: self._gone, 0.5)

    def _begin(self, group: asyncio.TaskGroup, what: str, doing: Any) -> None:
        if what in self._busy:
            doing.close()
            return
        self._busy.add(what)

        async def do() -> None:
            try:
                await doing
            except (Gone, Refused):
                await asyncio.sleep(1)  # the next look begins it again, when it still is there
            finally:
                self._busy.discard(what)

        group.create_task(do(), name=what)

    async def _answer(self, offer: OfferView) -> None:
        await self._stage.pause(self._chance, 5, 60)
        if self._chance.happens(0.08):
            if await self._listener.decline(offer):
                self._stage.tally.declined += 1
                await self._stage.pause(self._chance, 20, 100)
                await self._listener.presence("ready")
        elif not self._stage.calm and self._chance.happens(0.03):
            self._stage.tally.lapsed += 1
            await asyncio.sleep(LAPSE_S)
        else:
            await self._listener.accept(offer)

    async def _talk(self, contact: str) -> None:
        listener = self._listener
        for _ in range(2 + self._chance.below(8)):
            await self._stage.pause(self._chance, 4, 30)
            if listener.say(contact, sentence(self._chance, self._name, self._said)) is None:
                return
            self._said += 1
            if not self._stage.calm and self._chance.happens(0.05):
                await self._misfortune()
        chat = self._stage.chats.get(contact)
        ends = self._chance.happens(0.4)
        while contact in listener.talks and listener.link.up:
            if chat is None or ends or chat.left:
                break
            await listener.changed.until(lambda: contact not in listener.talks, 1.0)
        if contact not in listener.talks:
            return
        # Somebody from outside the play owes it nothing: a person who tries the demo.
        if chat is not None and not await self._stage.settle(contact):
            return
        try:
            await listener.end(contact)
        except (Gone, Refused):
            # Whether it ended shows at the page; if not, it still has to be ended by somebody.
            if chat is not None and not await chat.visitor.changed.until(
                lambda: chat.visitor.over, ENDING_S
            ):
                chat.verdict = None

    async def _misfortune(self) -> None:
        """Fall away for a moment; or vanish, for good or for 40 s."""
        listener, stage = self._listener, self._stage
        if not listener.link.up:
            return
        late = asyncio.get_running_loop().time() - stage.began_at > VANISH_WITHIN_S
        if late or self._chance.happens(0.3):
            stage.tally.drops += 1
            if self._chance.happens(0.5):
                await listener.link.drop(self._chance.pick((0.2, 1.0, 3.0, 6.0)))
            else:
                await listener.anew(self._chance.pick((0.2, 1.0, 3.0)))
            return
        stage.tally.vanished += 1
        if stage.lost_listeners < len(stage.listeners) // GONE_AT_MOST:
            stage.lost_listeners += 1
            self._gone = True
            await listener.close()
        else:
            await listener.anew(BACK_AFTER_S)

    async def _wrap_up(self, contact: str) -> None:
        await self._stage.pause(self._chance, 5, 40)
        pauses = self._chance.happens(0.1)
        then = "paused" if pauses else "ready"
        await self._listener.wrap_up(contact, self._form(), then)
        self._stage.tally.wrapped_up += 1
        if pauses:
            self._busy.add("pause")
            await self._stage.pause(self._chance, 20, 120)
            self._busy.discard("pause")

    def _form(self) -> dict[str, Any]:
        chance = self._chance
        form: dict[str, Any] = {"nature": chance.pick(get_args(Nature))}
        if chance.happens(0.8):
            form["topics"] = sorted({chance.pick(get_args(Topic)) for _ in range(3)})
            form["loneliness"] = chance.pick(get_args(Loneliness))
            form["heaviness"] = 1 + chance.below(5)
        if chance.happens(0.5):
            form["age"] = chance.pick(get_args(Age))
            form["referred"] = [chance.pick(get_args(Referred))]
        return form
