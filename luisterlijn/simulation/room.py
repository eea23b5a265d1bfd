"""One end's secrets and lines of one chat: what page and console have in common."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import to_wire
from luisterlijn.privacy import endtoend
from luisterlijn.privacy.endtoend import LineAddress, LineBroken, Side, Stream, Vouched
from luisterlijn.privacy.redaction import PlainText
from luisterlijn.simulation.record import Record, Seen, Sent, View
from luisterlijn.simulation.wire import Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from luisterlijn.chat.wire import KeyBox, Line, Lines, Member, Members
    from luisterlijn.kernel.clock import Clock
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.privacy.redaction import Secret


class KeyMissing(Exception):
    """The secret of the line's period is not here (yet)."""


class Room:
    """The secrets of a chat's key periods, and lines sealed and opened under them."""

    def __init__(self, contact: str, side: Side, tokens: TokenSource) -> None:
        """Open an empty room, with a stream of its own."""
        self.contact = contact
        self.side = side
        self._tokens = tokens
        self._stream = Stream(tokens)
        # Newest last: a page that lost a secret makes the period's secret anew.
        self._secrets: dict[int, list[Secret[bytes]]] = {}

    def has(self, period: int) -> bool:
        """Say whether the period's secret is here."""
        return period in self._secrets

    def begin(self, period: int) -> None:
        """Make the secret of a period, unless it is here."""
        if not self.has(period):
            self._secrets[period] = [endtoend.new_secret(self._tokens)]

    def reload(self) -> None:
        """Go on in a new stream, as a page that was loaded again does."""
        self._stream = Stream(self._tokens)

    def forget(self) -> None:
        """Lose every secret."""
        self._secrets.clear()

    def place(self, client_id: str, period: int) -> LineAddress:
        """Take the next place in this load's stream."""
        return LineAddress(
            contact=self.contact,
            period=period,
            side=self.side,
            stream=self._stream.id,
            counter=self._stream.take(),
            client_id=client_id,
        )

    def seal(self, place: LineAddress, text: str, at_ms: int) -> bytes:
        """Seal a line at its place."""
        return endtoend.seal_line(self._secrets[place.period][-1], place, PlainText(text), at_ms)

    def open(self, line: Line) -> str:
        """Open a line.

        Raises:
            KeyMissing: its period's secret may still come.
            LineBroken: no secret of the period opens it.
        """
        if line.period not in self._secrets:
            raise KeyMissing
        place = LineAddress(
            contact=line.contact,
            period=line.period,
            side=Side(line.by),
            stream=line.stream,
            counter=line.counter,
            client_id=line.client_id,
        )
        for secret in reversed(self._secrets[line.period]):
            try:
                return endtoend.open_line(secret, place, line.sealed).text.reveal()
            except LineBroken:
                continue
        raise LineBroken("no secret of the period opens it")

    def boxes(self, members: Members) -> list[dict[str, object]]:
        """Seal to every member the secrets of the periods that they may have."""
        info = endtoend.key_info(
            self.contact, members.version, [each.member for each in members.present]
        )
        sealed: list[dict[str, object]] = []
        for each in members.present:
            for period, known in sorted(self._secrets.items()):
                present = period == members.version
                may_have = vouched(self.contact, each).may_have(period)
                if period > members.version or not may_have:
                    continue
                how = info if present else endtoend.earlier_key_info(self.contact, period)
                box = endtoend.seal_secret(known[-1], each.public_key, how)
                sealed.append({"member": each.member, "period": period, "box": box})
        return sealed

    def learn_from(self, boxes: Iterable[KeyBox], keys: endtoend.MemberKeys) -> None:
        """Open the boxes that were sealed to these keys."""
        for box in boxes:
            info = (
                endtoend.key_info(self.contact, box.period, box.members)
                if box.members
                else endtoend.earlier_key_info(self.contact, box.period)
            )
            try:
                secret = endtoend.open_secret(box.box, keys, info)
            except endtoend.BoxBroken:
                continue  # sealed to a key we had before
            known = self._secrets.setdefault(box.period, [])
            if all(secret.reveal() != other.reveal() for other in known):
                known.append(secret)


def vouched(contact: str, member: Member) -> Vouched:
    """Give what the server has signed of a member, if it is as the list says."""
    return Vouched(
        contact=contact,
        epoch=member.epoch,
        member=member.member,
        public_key=member.public_key,
        until_at=member.until_at,
        role=member.role,
        reads_from=member.reads_from,
    )


@dataclass(slots=True, kw_only=True)
class Unsent:
    """An own line that is not acknowledged yet; sealed once, and sent again byte for byte."""

    client_id: str
    text: str
    written: int
    at_ms: int
    place: LineAddress | None = None
    sealed: bytes = b""


class Conversation:
    """The lines of one end: those taken in by number, and own ones on their way."""

    def __init__(self, room: Room, record: Record, tokens: TokenSource, clock: Clock) -> None:
        """Begin with nothing taken in; what happens is noted in the record."""
        self.room = room
        self.record = record
        self._tokens = tokens
        self._clock = clock
        self._waiting: dict[str, Line] = {}
        self.unsent: list[Unsent] = []
        self.last = 0
        self.view = View()
        record.views.append(self.view)

    def reload(self) -> None:
        """Begin a new view and stream; own lines that are on their way stay as they are."""
        self.room.reload()
        self._waiting.clear()
        self.last = 0
        self.view = View()
        self.record.views.append(self.view)

    def write(self, text: str) -> str:
        """Write a line; it goes with the next `flush`. Gives its client id."""
        client_id = self._tokens.bytes(16).hex()
        self.unsent.append(
            Unsent(
                client_id=client_id,
                text=text,
                written=self.record.number(),
                at_ms=to_wire(self._clock.now()),
            )
        )
        return client_id

    def hear(self, line: Line) -> bool:
        """Take a line in when it is the next one; False when lines are missing before it."""
        if line.seq > self.last + 1:
            return False
        if line.seq == self.last + 1:
            self._take(line)
        return True

    async def resume(self, ask: Callable[[int], Awaitable[Lines]]) -> None:
        """Ask for all lines that are missing, and take them in."""
        more = True
        while more:
            lines = await ask(self.last)
            for line in lines.lines:
                if line.seq > self.last:
                    self._take(line)
            more = lines.more and bool(lines.lines)

    def open_waiting(self) -> None:
        """Open lines whose secret came after them."""
        for client_id, line in list(self._waiting.items()):
            try:
                text = self.room.open(line)
            except KeyMissing:
                continue
            except LineBroken:
                self.view.opened(client_id, None)
            else:
                self.view.opened(client_id, text)
            del self._waiting[client_id]

    async def flush(self, period: int, say: Callable[[LineAddress, bytes], Awaitable[int]]) -> bool:
        """Send what waits, one line after the other, as far as the period's secret is here.

        Returns:
            True when all lines that others wrote in between were taken in.

        Raises:
            Refused: for another reason than a passed key period; the line stays.
        """
        whole = True
        while self.unsent and self.room.has(period):
            first = self.unsent[0]
            if first.place is None:
                first.place = self.room.place(first.client_id, period)
                first.sealed = self.room.seal(first.place, first.text, first.at_ms)
            try:
                seq = await say(first.place, first.sealed)
            except Refused as refused:
                if refused.code != "key-period-passed" or first.place.period == period:
                    raise
                # Not stored, so it is sealed anew: same id and place, under another secret.
                first.place = replace(first.place, period=period)
                first.sealed = self.room.seal(first.place, first.text, first.at_ms)
                continue
            whole = self._acknowledged(first, first.place, seq) and whole
        return whole

    def _acknowledged(self, line: Unsent, place: LineAddress, seq: int) -> bool:
        self._delivered(line, seq)
        if seq != self.last + 1:
            return seq <= self.last
        self.last = seq
        self.view.lines.append(
            Seen(
                client_id=line.client_id,
                by=place.side,
                stream=place.stream,
                counter=place.counter,
                seq=seq,
                text=line.text,
            )
        )
        return True

    def _delivered(self, line: Unsent, seq: int) -> None:
        self.unsent = [each for each in self.unsent if each.client_id != line.client_id]
        self.record.acknowledged(
            Sent(client_id=line.client_id, text=line.text, seq=seq, written=line.written)
        )

    def _take(self, line: Line) -> None:
        self.last = line.seq
        for own in [each for each in self.unsent if each.client_id == line.client_id]:
            self._delivered(own, line.seq)
        text, broken = None, False
        try:
            text = self.room.open(line)
        except KeyMissing:
            self._waiting[line.client_id] = line
        except LineBroken:
            broken = True
        self.view.lines.append(
            Seen(
                client_id=line.client_id,
                by=line.by,
                stream=line.stream,
                counter=line.counter,
                seq=line.seq,
                text=text,
                broken=broken,
            )
        )
