"""What is at rest: sealed to fixed lengths, dead with its key, and silent about time."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

from luisterlijn.edge.world import SystemTokens
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention, sealing
from luisterlijn.privacy.keyring import KeyGone, Keyring, Readings
from luisterlijn.privacy.redaction import Secret
from luisterlijn.telephony import store as telephony_store
from luisterlijn.telephony.legs import Kind, Leg, LegState
from luisterlijn.telephony.ports import CallId
from luisterlijn.telephony.sids import Sids
from tests.support.attending import agrees
from tests.support.coaching import KEY, coach
from tests.support.people import written_to
from tests.support.talk import keyed, sealed_line, visitor_says, volunteer_says

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    import pytest

    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.house import TestHouse

NOT_SEALED = {
    ("session", "token"): "a hash of 256 random bits",
    ("outbox", "body"): "ids and moments, gone once heard",
    ("presence", "public_key"): "a public key",
    ("chat", "token"): "a hash of 128 random bits",
    ("chat", "dek"): "a key that a period's key wraps",
    ("chat", "key_id"): "the name of a period's key",
    ("member", "public_key"): "a public key",
    ("member", "signature"): "a signature under a public key",
    ("session_record", "key_id"): "the name of a period's key",
    ("session_record", "dek"): "a key that a period's key wraps",
    ("leg", "sid_index"): "a keyed name that dies with its hour's key",
    ("leg", "key_id"): "the name of a period's key",
    ("erasure", "key_id"): "the name of a period's key",
    ("notice", "token"): "a hash of 256 random bits",
    ("audit", "facts"): "words from lists and random ids; no contact",
    ("audit", "before"): "a hash",
    ("audit", "hash"): "a hash",
    ("audit_head", "hash"): "a hash",
    ("audit_head", "gone_hash"): "a hash",
    ("room_seat", "public_key"): "a public key",
    ("room_line", "member"): "a hash of a public key",
    ("room_line", "sealed"): "encrypted by a console, for the consoles that were there",
    ("room_box", "member"): "a hash of a public key",
    ("room_box", "box"): "a line's key, encrypted by a console for one other",
    ("calendar_feed", "token"): "a hash of 128 random bits",
}
"""Columns of bytes that hold no sealed value, and what they hold."""

WITH_THE_CONTACT = {
    *("contact", "offer", "exclusion", "chat", "member", "box", "line", "call", "joining"),
}
"""Tables whose rows are gone when the contact is."""

FINER_THAN_THE_HOUR = {
    ("session", "heard"): "about a person with an account; goes with the session",
    ("session", "until"): "about a person with an account; goes with the session",
    ("outbox", "due"): "when a row is tried next; the row goes once it is heard",
    ("job_run", "due"): "the grid of timed work, the same every day",
    ("lease", "until"): "seconds ahead of now, about a node",
    ("thin_cover", "since"): "since when too few are there; gone once enough are",
    ("shift", "starts"): "the roster, planned days before",
    ("shift", "ends"): "the roster, planned days before",
    ("place", "during"): "the roster, planned days before",
    ("place", "changed"): "about a volunteer's roster: a calendar asks when a place changed",
    ("roster_period", "first"): "a day",
    ("leave", "first"): "a day",
    ("leave", "last"): "a day",
    ("swap", "until"): "follows from the roster",
    ("presence", "since"): "about a volunteer on duty; overwritten by the next change",
    ("presence", "heard"): "about a volunteer on duty; overwritten each second",
    ("presence", "takes_until"): "follows from the roster",
    ("presence", "shift_ends"): "follows from the roster",
    ("presence", "rest_until"): "about a volunteer on duty; overwritten by the next rest",
    ("presence", "care_until"): "about a volunteer on duty; goes when they are there again",
    ("leg", "deadline"): "while a call lives; a leg that is over has none",
    ("provider_order", "due"): "while a call lives; the row goes once the provider was told",
    ("provider_order", "seq"): "an order among rows that live for seconds",
    ("erasure", "hour"): "a whole hour, and only after the provider refused",
    ("duty", "starts"): "the rota, planned days before",
    ("duty", "ends"): "the rota, planned days before",
    ("help_request", "asked"): "about who listens, while help is sought; goes when it was given",
    ("help_request", "deadline"): "while help is sought; one that was found has none",
    ("talk", "hour"): "a whole hour",
    ("care", "shift_ends"): "follows from the roster; goes with the shift",
    ("audit", "hour"): "a whole hour",
    ("notice", "due"): "when a mail to a volunteer is tried next; null once it was sent",
    ("call_up", "made"): "about a shift of volunteers; goes a day after it",
    ("call_up_asked", "due"): "when a volunteer's own phone is to ring; null once it did",
    ("demand_profile", "made"): "when figures were worked out; nobody's",
    ("demand_profile", "counted_from"): "a half hour of which sums were kept; nobody's",
    ("demand_profile", "counted_until"): "a half hour of which sums were kept; nobody's",
    ("demand_half_hour", "half_hour"): "an expectation of half hours to come; nobody's",
    ("room_seat", "heard"): "about a coach on duty; overwritten by the next question",
    ("room_line", "number"): "an order among lines of one shift, which go with it",
    ("room_line", "until"): "the end of a shift; the line goes then",
    ("plan_run", "first"): "which days of a roster are planned",
    ("plan_run", "due"): "when an engine may begin; about no contact",
    ("plan_run", "beat"): "a sign of life of a node, overwritten each second",
    ("demand_event", "first"): "a feast or campaign, of nobody",
    ("demand_event", "last"): "a feast or campaign, of nobody",
    ("person", "ends"): "a morning after somebody's last day",
    ("volunteer", "vog"): "a day, of a paper",
    ("volunteer", "intervision"): "a day, of an evening",
    ("volunteer", "away_until"): "a day that somebody told",
    ("volunteer", "leaves"): "a day that somebody told",
    ("training", "since"): "a day on which somebody's training went on",
    ("gathering", "starts"): "an evening, planned days before",
    ("gathering", "ends"): "an evening, planned days before",
    ("message", "written"): "about who coordinates; goes after thirty days",
    ("counter", "half_hour"): "sums of half hours that the year publishes; nobody's",
}
"""Columns with a moment in tables that outlive a contact, and why each may be there."""


@dataclass(frozen=True, slots=True)
class Stolen:
    """A copy of rows, as in a dump that somebody took away."""

    chats: list[asyncpg.Record]
    boxes: list[asyncpg.Record]
    lines: list[asyncpg.Record]
    records: list[asyncpg.Record]


async def steal(built: TestHouse) -> Stolen:
    return Stolen(
        chats=await built.owner.fetch("select * from chat"),
        boxes=await built.owner.fetch(
            "select b.*, m.contact from box b join member m using (member)"
        ),
        lines=await built.owner.fetch("select * from line"),
        records=await built.owner.fetch("select * from session_record"),
    )


async def conversation(built: TestHouse) -> tuple[PersonId, ContactId]:
    """Let a chat take place with lines of every length, and leave it going on."""
    person = await built.volunteer("anja")
    await built.house.accounts.demo_session(person)
    await built.ready(person)
    contact, period = await keyed(built, person)
    await helped(built, person, contact)
    for size in (272, 1_040, 4_112):
        await visitor_says(built, contact, sealed_line(period, size=size))
        await volunteer_says(built, contact, person, sealed_line(period, size=size))
    return person, contact


async def helped(built: TestHouse, person: PersonId, contact: ContactId) -> None:
    """Let a coach be asked for help, and leave again; the request stays."""
    coaching, ada = built.house.coaching, await coach(built)
    request = await coaching.ask(person, contact, urgent=False)
    await coaching.take(ada, request)
    await coaching.join(ada, request, "alone", KEY)


async def end(built: TestHouse, person: PersonId, contact: ContactId) -> None:
    """End the chat and close the contact."""
    await built.house.hall.end_by_volunteer(person, contact, abuse=False)
    await built.settle()
    await built.house.hall.wrap_up(person, contact, {"nature": ["talk"]}, pause=True)
    await built.settle()


def at(moment: datetime, started: datetime) -> Readings:
    """Give three clocks that agree."""
    return Readings(database=moment, node=moment, monotonic=moment - started)


async def keys_after(built: TestHouse, passed: timedelta) -> Keyring:
    """Let the keys live on by so much, as the job does it; gives what is left of them."""
    now = await built.time.now()
    async with built.house.database.transaction(LINE) as tx:
        used = await built.house.chats.keys_in_use(tx) | await built.house.accounts.keys_in_use(tx)
        used |= await built.house.attendance.reach.keys_in_use(tx)
    ring = Keyring(built.house.settings.keys, SystemTokens())
    ring.destroy_expired(at(now, now), used)
    ring.destroy_expired(at(now + passed, now), used)
    return Keyring(built.house.settings.keys, SystemTokens())


def opened(ring: Keyring, stolen: Stolen) -> list[bytes]:
    """Open all that the keys that are left can open."""
    found: list[bytes] = []
    deks: dict[UUID, sealing.Dek] = {}
    for chat in stolen.chats:
        try:
            deks[chat["contact"]] = sealing.open_dek(ring, chat["contact"], chat["dek"])
        except KeyGone:
            continue
        dek = deks[chat["contact"]]
        row = chat["contact"].hex
        found.append(sealing.unseal(dek, retention.CHAT_HALF, row, chat["half"]))
    for box in stolen.boxes:
        if box["contact"] in deks:
            row = f"{box['member'].hex}/{box['period']}"
            dek = deks[box["contact"]]
            found.append(sealing.unseal(dek, retention.BOX_SEALED, row, box["sealed"]))
    for line in stolen.lines:
        if line["contact"] in deks:
            row = line["client_id"].hex
            dek = deks[line["contact"]]
            found.append(sealing.unseal(dek, retention.LINE_SEALED, row, line["sealed"]))
    for record in stolen.records:
        try:
            dek = sealing.open_dek(ring, record["id"], record["dek"])
        except KeyGone:
            continue
        column = retention.SESSION_RECORD_SEALED
        found.append(sealing.unseal(dek, column, record["id"].hex, record["sealed"]))
    return found


async def call(built: TestHouse, person: PersonId) -> None:
    """Keep a number, let a call's leg have a name, and let another be forgotten."""
    house = built.house
    sids = Sids(house.keyring, house.tokens)
    leg = Leg(id=new_id(house.tokens), kind=Kind.CALLER, state=LegState.WAITING, at="caller")
    async with house.database.transaction(LINE) as tx:
        await house.accounts.set_phone(tx, person, Secret("+31612345678"))
    await agrees(built, person, mail="anja@vrijwilliger.example")
    ada = await built.owner.fetchval("select id from person where sign_in = 'ada'")
    await written_to(built, ada, built.branch, "Hallo", "a" * 600, "a" * 2_000)
    async with house.database.transaction(LINE) as tx:
        await telephony_store.insert_leg(tx, leg, None, deadline=tx.now)
        await sids.name(tx, leg.id, CallId("CA" + "a" * 32))
        await sids.forget(tx, CallId("CA" + "b" * 32))


async def test_each_sealed_column_takes_only_the_lengths_that_the_table_of_retention_lists(
    built: TestHouse,
) -> None:
    person, contact = await conversation(built)
    found: dict[tuple[str, str], set[int]] = {}

    async def measure() -> None:
        for column in retention.SEALED:
            rows = await built.owner.fetch(
                f'select octet_length("{column.column}") as bytes from "{column.table}"'  # noqa: S608 - our own table of retention
            )
            found.setdefault((column.table, column.column), set()).update(
                row["bytes"] for row in rows if row["bytes"] is not None
            )

    await call(built, person)
    await measure()
    await end(built, person, contact)
    await measure()

    for column in retention.SEALED:
        lengths = found[column.table, column.column]
        assert lengths, f"no traffic in {column.purpose}"
        assert lengths <= sealing.stored_lengths(column), column.purpose
    assert found["line", "sealed"] == sealing.stored_lengths(retention.LINE_SEALED)


async def test_every_column_of_bytes_is_sealed_or_says_what_it_holds(built: TestHouse) -> None:
    rows = await built.owner.fetch(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'public' and data_type = 'bytea'"
    )

    sealed = {(column.table, column.column) for column in retention.SEALED}
    assert {(row["table_name"], row["column_name"]) for row in rows} == sealed | set(NOT_SEALED)


async def test_a_dump_taken_while_people_talk_opens_with_nothing_that_is_left_afterwards(
    built: TestHouse,
) -> None:
    person, contact = await conversation(built)
    stolen = await steal(built)
    living = Keyring(built.house.settings.keys, SystemTokens())
    assert len(opened(living, stolen)) == 1 + 1 + 6, "with its keys, a dump of now opens"

    await end(built, person, contact)
    left = await keys_after(built, timedelta(hours=1, minutes=6))

    assert opened(left, stolen) == []


async def test_a_dump_without_the_keys_folder_opens_nothing(
    built: TestHouse, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await conversation(built)
    stolen = await steal(built)

    stranger = Keyring(tmp_path_factory.mktemp("stranger"), SystemTokens())

    assert opened(stranger, stolen) == []


async def test_the_key_of_a_conversation_that_goes_on_is_not_destroyed(built: TestHouse) -> None:
    await conversation(built)
    stolen = await steal(built)

    left = await keys_after(built, timedelta(hours=6))

    assert len(opened(left, stolen)) == 1 + 1 + 6


async def test_a_record_of_a_session_opens_for_seven_days_and_never_again(
    built: TestHouse,
) -> None:
    person, contact = await conversation(built)
    await end(built, person, contact)
    stolen = await steal(built)

    week = await keys_after(built, timedelta(days=6, hours=23))
    [record] = opened(week, Stolen([], [], [], stolen.records))
    facts: dict[str, Any] = msgspec.json.decode(record)
    assert facts["volunteer"] == person.hex
    gone = await keys_after(built, timedelta(days=8, minutes=6))

    assert opened(gone, Stolen([], [], [], stolen.records)) == []


async def test_ids_say_nothing_about_the_order_in_which_people_came(built: TestHouse) -> None:
    came: list[UUID] = [(await built.house.chats.begin("nl", None))[0] for _ in range(64)]

    rising = sum(first < second for first, second in itertools.pairwise(came))
    assert 10 < rising < 53  # of 63 steps; chance never leaves this range
    for bit in range(128):
        ones = sum(contact.int >> bit & 1 for contact in came)
        assert 5 < ones < 59, f"bit {bit} is always the same"


async def test_no_table_that_outlives_a_contact_holds_a_moment_that_could_point_at_it(
    built: TestHouse,
) -> None:
    rows = await built.owner.fetch(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'public' and table_name not in ('test_clock', 'alembic_version')"
        " and (data_type like 'timestamp%' or data_type in ('date', 'time', 'interval')"
        "      or udt_name like '%range' or column_default like '%nextval%'"
        "      or is_identity = 'YES')"
    )
    found = {(row["table_name"], row["column_name"]) for row in rows}

    assert {each for each in found if each[0] not in WITH_THE_CONTACT} == set(FINER_THAN_THE_HOUR)


async def test_after_the_end_no_row_is_left_that_names_the_contact(built: TestHouse) -> None:
    person, contact = await conversation(built)
    await end(built, person, contact)
    tables = await built.owner.fetch(
        "select table_name from information_schema.tables where table_schema = 'public'"
    )

    for row in tables:
        name = row["table_name"]
        rows = await built.owner.fetch(f'select to_jsonb(t)::text as said from "{name}" t')  # noqa: S608 - our own catalogue's names
        for each in rows:
            said = each["said"].replace("-", "")
            assert contact.hex not in said, name
            assert contact.bytes.hex() not in said, name
    for name in WITH_THE_CONTACT:
        assert await built.owner.fetchval(f'select count(*) from "{name}"') == 0  # noqa: S608 - listed above


async def test_counters_lie_on_the_half_hour(built: TestHouse) -> None:
    person, contact = await conversation(built)
    await end(built, person, contact)
    await built.house.reporting.flush()

    rows = await built.owner.fetch("select half_hour from counter")
    assert rows
    for row in rows:
        moment = row["half_hour"]
        assert (moment.minute % 30, moment.second, moment.microsecond) == (0, 0, 0)
