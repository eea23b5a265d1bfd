"""A telephone exchange in memory: does what the provider does with our scripts, without sound.

It executes the verbs that we write, and tells us with the provider's own signed webhooks. Time is a
queue of things to do, so a test can run hours in a second, and deliver late, twice, out of order.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from luisterlijn.simulation.exchange_news import Teller
from luisterlijn.simulation.exchange_parts import MOST_VERBS, Leg, Room

if TYPE_CHECKING:
    from collections.abc import Callable

    from luisterlijn.simulation.chance import Chance
    from luisterlijn.simulation.exchange_parts import Deliver

OK = 200
FAULT = "application-error"
"""What a leg hears when no script can be had for it."""


class Exchange(Teller):
    """Calls, queues, conferences. Everything happens inside `run_until` or a driver of it."""

    def __init__(
        self,
        deliver: Deliver,
        chance: Chance,
        *,
        account: str,
        number: str,
        voice_url: str,
        fallback_url: str = "",
        status_url: str = "",
        seconds: Callable[[str], float] = lambda _url: 2.0,
    ) -> None:
        """Make an exchange with one number.

        Args:
            deliver: how webhooks go out.
            chance: where ids come from.
            account: the account's id.
            number: our number.
            voice_url: asked for each new call.
            fallback_url: asked when a script of such a call cannot be had; empty: the call ends.
            status_url: told when a call to the number has ended.
            seconds: how long the sound at an address lasts.
        """
        super().__init__(deliver, account)
        self.chance = chance
        self.number = number
        self.voice_url = voice_url
        self.fallback_url = fallback_url
        self.status_url = status_url
        self.seconds = seconds
        self.legs: dict[str, Leg] = {}
        self.rooms: dict[str, Room] = {}
        self.rings: Callable[[Leg], None] = lambda _leg: None
        """Told when a leg that we were asked to place begins to ring."""
        self.changed: Callable[[Leg], None] = lambda _leg: None
        """Told when a leg heard, joined or ended something."""

    # People on telephones.

    def call_in(self, sender: str) -> Leg:
        """Call our number; `sender` as the network shows it."""
        leg = Leg(
            sid="CA" + self.chance.hex(16),
            direction="inbound",
            sender=sender,
            to=self.number,
            status="ringing",
            callback=self.status_url,
            fallback=self.fallback_url,
        )
        self.legs[leg.sid] = leg
        self.later(0.0, lambda: self._fetch(leg, self.voice_url))
        return leg

    def answer(self, leg: Leg) -> None:
        """Pick up a leg that rings."""
        if leg.status == "ringing" and leg.direction == "outbound-api":
            leg.status = "in-progress"
            self.tell_status(leg)
            self.later(0.0, lambda: self._fetch(leg, leg.url))

    def refuse(self, leg: Leg, status: str) -> None:
        """Do not pick up: busy, no-answer, failed or canceled."""
        if not leg.over and leg.status != "in-progress":
            self._end(leg, status)

    def press(self, leg: Leg, keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self._pressed(leg, key)

    def hang_up(self, leg: Leg) -> None:
        """End a leg, from whatever it was doing; one of ours that still rings is refused."""
        if leg.over:
            return
        if leg.direction == "outbound-api" and leg.status != "in-progress":
            self._end(leg, "busy")
            return
        if leg.queued:
            leg.queued = False
            more = self.of_queue(leg, "hangup") | {"CallStatus": "completed"}
            self.tell(leg, leg.queue_action, more)
        if leg.room is not None:
            action = leg.dial_action
            self._leave_room(leg)
            self.tell(leg, action, {"CallStatus": "completed", "DialCallStatus": "completed"})
        self._end(leg, "completed")

    # What the account asks for.

    def place(self, to: str, sender: str, url: str, callback: str, timeout_s: float) -> Leg:
        """Call somebody for the account."""
        leg = Leg(
            sid="CA" + self.chance.hex(16),
            direction="outbound-api",
            sender=sender,
            to=to,
            status="queued",
            callback=callback,
            url=url,
        )
        self.legs[leg.sid] = leg
        self.tell_status(leg)

        async def ring() -> None:
            if leg.status == "queued":
                leg.status = "ringing"
                self.tell_status(leg)
                self.rings(leg)

        async def nobody() -> None:
            self.refuse(leg, "no-answer")

        self.later(0.1, ring)
        self.later(0.1 + timeout_s, nobody)
        return leg

    def redirect(self, leg: Leg, url: str) -> None:
        """Let a leg that is in progress ask at an address what to do."""
        if leg.queued:
            leg.queued = False
            # The queue's own news goes first, and its answer is not looked at.
            self.tell(leg, leg.queue_action, self.of_queue(leg, "redirected"))
        if leg.room is not None:
            self._leave_room(leg)
        leg.turn += 1
        self.later(0.0, lambda: self._fetch(leg, url))

    def announce(self, room: Room, url: str) -> None:
        """Let everybody in a conference hear something."""
        room.announced.append(url)
        for leg in room.legs:
            leg.heard.append(url)
            self.changed(leg)

    # Scripts.

    async def _fetch(self, leg: Leg, url: str, more: dict[str, str] | None = None) -> None:
        if leg.over:
            return
        leg.turn += 1
        leg.gather, leg.typed = None, ""
        turn = leg.turn
        status, body = await self.asked(url, self.form(leg) | (more or {}))
        if status != OK and leg.queued and leg.turn == turn:
            # The waiting room cannot be had: whoever parked the call there is asked.
            leg.queued = False
            await self._fetch(leg, leg.queue_action, self.of_queue(leg, "error"))
            return
        if status != OK and leg.fallback and leg.turn == turn:
            failed = {"ErrorCode": "11200", "ErrorUrl": url}
            status, body = await self.asked(leg.fallback, self.form(leg) | failed)
        if leg.over or leg.turn != turn:
            return
        if leg.status == "ringing" and leg.direction == "inbound":
            leg.status = "in-progress"
        if status != OK:
            leg.heard.append(FAULT)
            self.hang_up(leg)
            return
        leg.verbs = deque(ET.fromstring(body))  # noqa: S314 - our own answer
        await self._go(leg)

    async def _go(self, leg: Leg) -> None:
        """Run verbs until one takes time."""
        while not leg.over:
            leg.ran += 1
            if leg.ran > MOST_VERBS:
                self.hang_up(leg)
                return
            if not leg.verbs:
                await self._script_over(leg)
                return
            verb = leg.verbs.popleft()
            if await self._do(leg, verb):
                return

    async def _do(self, leg: Leg, verb: ET.Element) -> bool:
        """Run one verb; True: it takes time, or leads elsewhere."""
        match verb.tag:
            case "Play" | "Say":
                self._continue(leg, self._sound(leg, verb))
            case "Pause":
                self._continue(leg, float(verb.get("length", "1")))
            case "Gather":
                leg.gather = verb
                lasts = sum(self._sound(leg, each) for each in verb)
                self._continue(leg, lasts + float(verb.get("timeout", "5")))
            case "Enqueue":
                leg.queued, leg.queued_at = True, self.now
                leg.wait_url, leg.queue_action = verb.get("waitUrl", ""), verb.get("action", "")
                await self._fetch(leg, leg.wait_url, self.of_queue(leg))
            case "Redirect":
                await self._fetch(leg, verb.text or "")
            case "Leave":
                leg.queued = False
                await self._fetch(leg, leg.queue_action, self.of_queue(leg, "leave"))
            case "Dial":
                self._join(leg, verb)
            case "Hangup":
                self.hang_up(leg)
            case _:
                leg.heard.append(f"unknown verb {verb.tag}")
                self.hang_up(leg)
        return True

    async def _script_over(self, leg: Leg) -> None:
        if leg.queued:
            await self._fetch(leg, leg.wait_url, self.of_queue(leg))
        else:
            self.hang_up(leg)

    def _sound(self, leg: Leg, verb: ET.Element) -> float:
        if verb.tag == "Pause":
            return float(verb.get("length", "1"))
        leg.heard.append(verb.text or "")
        self.changed(leg)
        return self.seconds(verb.text or "")

    def _continue(self, leg: Leg, after_s: float) -> None:
        turn = leg.turn
        if after_s > 0:
            leg.ran = 0  # a loop with time in it is none

        async def go_on() -> None:
            if leg.turn != turn or leg.over or leg.room is not None:
                return
            if leg.gather is not None and leg.typed:
                await self._gathered(leg)
                return
            leg.gather = None
            await self._go(leg)

        self.later(after_s, go_on)

    def _pressed(self, leg: Leg, key: str) -> None:
        gather = leg.gather
        if gather is None or leg.over:
            return
        wanted = int(gather.get("numDigits", "0"))
        if wanted and len(leg.typed) >= wanted:
            return
        if key != "#":
            leg.typed += key
        leg.turn += 1
        if key == "#" or len(leg.typed) == wanted:
            self.later(0.0, lambda: self._gathered(leg))
        else:
            self._continue(leg, float(gather.get("timeout", "5")))

    async def _gathered(self, leg: Leg) -> None:
        gather, typed = leg.gather, leg.typed
        if gather is not None:
            await self._fetch(leg, gather.get("action", ""), {"Digits": typed})

    # Conferences.

    def _join(self, leg: Leg, dial: ET.Element) -> None:
        noun = dial[0]
        name = noun.text or ""
        open_rooms = (each for each in self.rooms.values() if not each.over)
        room = next((each for each in open_rooms if each.name == name), None)
        if room is None:
            room = Room(
                sid="CF" + self.chance.hex(16), name=name, callback=noun.get("statusCallback", "")
            )
            self.rooms[room.sid] = room
            self.tell_room(room, None, "conference-start")
        leg.room, leg.dial_action, leg.turn, leg.ran = room, dial.get("action", ""), leg.turn + 1, 0
        leg.ends_room = noun.get("endConferenceOnExit") == "true"
        leg.muted, leg.coaches, leg.hold = noun.get("muted") == "true", noun.get("coach", ""), False
        room.legs.append(leg)
        self.tell_room(room, leg, "participant-join")
        self.changed(leg)
        if (longest := dial.get("timeLimit")) is not None:
            turn = leg.turn

            async def too_long() -> None:
                if leg.turn == turn and leg.room is room:
                    self._out(leg)

            self.later(float(longest), too_long)

    def _leave_room(self, leg: Leg) -> None:
        room = leg.room
        if room is None:
            return
        leg.room = None
        room.legs.remove(leg)
        self.tell_room(room, leg, "participant-leave")
        if room.over or not (leg.ends_room or not room.legs):
            return
        room.over = True
        for other in list(room.legs):
            self._out(other)
        self.tell_room(room, None, "conference-end")

    def _out(self, leg: Leg) -> None:
        """A leg left its conference and is still there: its script goes on at the action."""
        self._leave_room(leg)
        leg.turn += 1
        more = {"DialCallStatus": "answered"}
        self.later(0.0, lambda: self._fetch(leg, leg.dial_action, more))

    def _end(self, leg: Leg, status: str) -> None:
        leg.status, leg.ended_at, leg.turn = status, self.now, leg.turn + 1
        leg.verbs.clear()
        leg.gather = None
        self.tell_status(leg)
        self.changed(leg)
