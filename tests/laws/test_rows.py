"""Row-level security: without a scope nothing is seen, with one only what it names."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import pytest

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import BranchId, PersonId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.planner.wire import NewPlan
from luisterlijn.privacy.endtoend import new_member_keys
from luisterlijn.rostering.model import Template, Wish
from tests.support.coaching import KEY, coach, on_duty, somebody
from tests.support.people import known, written_to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.store.embedded import Cluster
    from tests.support.house import TestHouse

OPEN = {
    "job_run": "names of jobs and their due moments",
    "lease": "which node does the rounds",
    "counter": "sums per half hour, of nobody",
    "demand_profile": "what is expected to come, of nobody",
    "demand_half_hour": "what is expected to come, of nobody",
    "demand_event": "feasts and campaigns, of nobody",
    "thin_cover": "whether too few are there now, of nobody",
}
"""Tables without row-level security, and why none of them says anything of a person."""
PEOPLE = ("volunteer", "training", "gathering", "gathering_seat", "message", "message_to")
NOT_OURS = {"alembic_version", "test_clock"}
NAMES_SOMEBODY = {"branch", "person", "contact", "volunteer", "member", "entry_branch"}


async def filled(built: TestHouse) -> BranchId:
    """Put a conversation in the first branch and a shift in a second; gives the second."""
    person = await built.volunteer("anja")
    await built.ready(person)
    await built.talking(person)
    other = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, other, "zwolle", "Zwolle")
    bert = await built.volunteer("bert", branch=other)
    await built.house.accounts.demo_session(person)
    await coached(built, person, other)
    await said_and_linked(built, person)
    await planned(built, person)
    await rostered(built, person)
    writer = await built.owner.fetchval("select id from person where sign_in = 'ada'")
    for volunteer, branch in ((person, built.branch), (bert, other)):
        await known(built, volunteer, branch)
        await written_to(built, writer, branch, "Hallo")
    return other


async def planned(built: TestHouse, person: PersonId) -> None:
    """Let an engine have proposed somebody of the first branch for their shift."""
    order = NewPlan(first=date(2031, 5, 5))
    run = await built.house.planner.plans.order(LINE, order, built.branch)
    await built.owner.execute(
        "insert into plan_change (run, branch, person, shift, kind)"
        " select $1, branch, person, shift, 'added' from place where person = $2",
        run.id,
        person,
    )


async def rostered(built: TestHouse, person: PersonId) -> None:
    """Let somebody wish, ask leave and give a place away, in a period laid out by a template."""
    roster, now = built.house.roster, await built.time.now()
    acting = Scope(person=person, branch=built.branch, roles=frozenset({Role.VOLUNTEER}))
    day = now.date() + timedelta(days=14 - now.weekday())
    morning = Template(
        template=UUID(int=0),
        branch=built.branch,
        weekdays=127,
        starts=time(7),
        ends=time(11),
        channels=("chat",),
        least=1,
        wanted=1,
        night=False,
    )
    await roster.templates.add(LINE, morning)
    period = await roster.periods.open(LINE, built.branch, day, 7)
    wish = Wish(levels=("111111",) * 7, wanted=1, most=1, nights=0)
    await roster.wishes.write(acting, period.period, wish)
    await roster.leaves.ask(acting, day, day)
    await roster.periods.lay_out(LINE, period.period)
    await roster.periods.publish(LINE, period.period)
    last = await built.owner.fetchval("select id from shift order by starts desc limit 1")
    place = await roster.own.sign_up(acting, ShiftId(last))
    await roster.swaps.offer(acting, place.place)


async def said_and_linked(built: TestHouse, person: PersonId) -> None:
    """Let somebody on a shift say something to the coach there, and have a calendar link."""
    room = built.house.shift_room
    ada = await built.owner.fetchval("select id from person where sign_in = 'ada'")
    key = new_member_keys().public
    await built.house.consoles.opened(person, key)
    shown = await room.shown(ada, KEY, 0)
    boxes = {bytes.fromhex(each.member): bytes(113) for each in shown.members}
    await room.say(person, new_id(built.house.tokens), bytes(272), boxes)
    acting = Scope(person=person, branch=built.branch, roles=frozenset({Role.VOLUNTEER}))
    await built.house.calendar_feed.make(acting)


async def coached(built: TestHouse, person: PersonId, other: BranchId) -> None:
    """Let somebody help in the conversation, and each branch have who stands in."""
    coaching, ada = built.house.coaching, await coach(built)
    for branch in (built.branch, other):
        cora = await somebody(built, f"cora-{branch.hex}", Role.COORDINATOR, branch=branch)
        await on_duty(built, cora, stands_in=True)
    contact = await built.owner.fetchval("select id from contact")
    request = await coaching.ask(person, contact, urgent=False)
    await coaching.take(ada, request)
    await coaching.join(ada, request, "read", KEY)
    await coaching.care.want_talk(person, "now")
    await coaching.care.agree(person, agrees=True)


@pytest.fixture
async def app(database: Cluster) -> AsyncIterator[asyncpg.Connection]:
    """A bare connection of the application's own role, without any scope."""
    connection = await asyncpg.connect(database.app_url)
    yield connection
    await connection.close()


def how_many(table: str) -> str:
    """Give the question how many rows of a table are seen."""
    return f'select count(*) from "{table}"'  # noqa: S608 - our own catalogue's names


async def tables(connection: asyncpg.Connection) -> list[str]:
    """Give our tables by name."""
    rows = await connection.fetch(
        "select relname from pg_class where relkind in ('r', 'p')"
        " and relnamespace = 'public'::regnamespace order by relname"
    )
    return [row["relname"] for row in rows if row["relname"] not in NOT_OURS]


async def test_without_a_scope_the_application_sees_no_row_of_anybody(
    built: TestHouse, app: asyncpg.Connection
) -> None:
    await filled(built)
    closed = [table for table in await tables(built.owner) if table not in OPEN]

    held = {table: await built.owner.fetchval(how_many(table)) for table in closed}
    seen = {table: await app.fetchval(how_many(table)) for table in closed}

    assert {table for table, rows in seen.items() if rows} == set()
    assert {
        *("branch", "person", "session", "shift", "place", "presence", "contact", "offer"),
        *("duty", "help_request", "joining", "talk", "care", "audit", "audit_head"),
        *("room_seat", "room_line", "room_box", "calendar_feed"),
        *("shift_template", "roster_period", "wish", "leave", "swap"),
        *PEOPLE,
        *("plan_run", "plan_change"),
    } <= {table for table, rows in held.items() if rows}


async def test_a_scope_that_is_no_scope_sees_no_more(
    built: TestHouse, app: asyncpg.Connection
) -> None:
    await filled(built)

    for scope, person, branches in (
        ("", "", ""),
        ("Line", "", ""),
        ("person", "", ""),
        ("x", "", ","),
    ):
        async with app.transaction():
            await app.execute(
                "select set_config('ll.scope', $1, true), set_config('ll.person', $2, true),"
                " set_config('ll.branches', $3, true)",
                scope,
                person,
                branches,
            )
            assert await app.fetchval("select count(*) from person") == 0
            assert await app.fetchval("select count(*) from contact") == 0


async def test_every_table_has_row_level_security_or_a_reason_not_to(built: TestHouse) -> None:
    rows = await built.owner.fetch(
        "select relname from pg_class where relkind in ('r', 'p') and not relrowsecurity"
        " and relnamespace = 'public'::regnamespace"
    )

    assert {row["relname"] for row in rows} - NOT_OURS == set(OPEN)


async def test_no_table_that_names_somebody_is_open(built: TestHouse) -> None:
    rows = await built.owner.fetch(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'public'"
    )

    named = {row["table_name"] for row in rows if row["column_name"] in NAMES_SOMEBODY}

    assert named & set(OPEN) == set()


async def test_every_table_with_security_has_a_policy(built: TestHouse) -> None:
    bare = await built.owner.fetch(
        "select relname from pg_class c where relrowsecurity"
        " and not exists (select from pg_policy p where p.polrelid = c.oid)"
    )

    assert [row["relname"] for row in bare] == []


async def test_the_applications_role_is_bound_by_the_policies(
    built: TestHouse, app: asyncpg.Connection
) -> None:
    role = await app.fetchrow(
        "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
        " from pg_roles where rolname = current_user"
    )
    owned = await built.owner.fetchval(
        "select count(*) from pg_class where relowner = 'll_app'::regrole"
    )
    groups = await built.owner.fetchval(
        "select count(*) from pg_auth_members where member = 'll_app'::regrole"
    )

    assert role is not None
    assert tuple(role) == ("ll_app", False, False, False, False, False)
    assert (owned, groups) == (0, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "alter table contact disable row level security",
        "alter table person no force row level security",
        "drop policy contact_line on contact",
        "create policy mine on contact using (true)",
        "alter policy contact_line on contact using (true)",
        "alter role ll_app bypassrls",
        "alter role ll_app superuser",
        "set role ll_owner",
        "set session authorization ll_owner",
        "create table mine (a int)",
        "create or replace function scope_is_line() returns boolean language sql as 'select true'",
        "drop table counter",
        "truncate contact",
        "select * from pg_authid",
        "copy person to program 'cat'",
        "select pg_read_file('/etc/passwd')",
        "create extension pageinspect",
    ],
)
async def test_the_applications_role_cannot_loosen_anything(
    app: asyncpg.Connection, statement: str
) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.FeatureNotSupportedError)):
        await app.execute(statement)


async def test_the_applications_role_hands_on_nothing(app: asyncpg.Connection) -> None:
    await app.execute("grant all on contact to public")  # PostgreSQL only warns

    given = await app.fetchval(
        "select count(*) from pg_class c, aclexplode(c.relacl) a"
        " where c.relname = 'contact' and a.grantee = 0"
    )

    assert given == 0


async def count(built: TestHouse, scope: Scope, table: str) -> int:
    """Give how many rows of the table somebody sees."""
    async with built.house.database.transaction(scope) as tx:
        return int(await tx.value(how_many(table)))


async def branches_seen(built: TestHouse, scope: Scope, table: str) -> set[UUID | None]:
    """Give the branches whose rows of the table somebody sees."""
    async with built.house.database.transaction(scope) as tx:
        rows = await tx.rows(f'select distinct branch from "{table}"')  # noqa: S608 - as above
    return {row["branch"] for row in rows}


async def test_a_coordinator_sees_rows_of_the_own_branch_only(built: TestHouse) -> None:
    other = await filled(built)

    for own in (built.branch, other):
        scope = Scope(
            person=PersonId(new_id(built.house.tokens)),
            branch=own,
            roles=frozenset({Role.COORDINATOR}),
        )
        for table in (*PEOPLE, "person", "shift", "place", "duty"):
            assert await branches_seen(built, scope, table) == {own}
        for table in ("presence", "plan_run", "plan_change"):
            assert await branches_seen(built, scope, table) <= {own}
        for table in ("contact", "offer", "exclusion", "chat", "member", "box", "line", "session"):
            assert await count(built, scope, table) == 0
        for table in ("room_seat", "room_line", "room_box", "calendar_feed"):
            assert await count(built, scope, table) == 0
        for table in ("session_record", "help_request", "joining", "talk", "care", "audit"):
            assert await count(built, scope, table) == 0


async def test_a_volunteer_sees_the_own_rows_only(built: TestHouse) -> None:
    await filled(built)
    anja = await built.owner.fetchval("select id from person where sign_in = 'anja'")
    scope = Scope(person=anja, branch=built.branch, roles=frozenset({Role.VOLUNTEER}))

    seen = {table: await count(built, scope, table) for table in ("person", "session", "shift")}

    assert seen == {"person": 1, "session": 1, "shift": 2}
    assert await count(built, scope, "calendar_feed") == 1
    for table in PEOPLE:
        assert await count(built, scope, table) == 1
    for table in ("room_seat", "room_line", "room_box", "plan_run", "plan_change"):
        assert await count(built, scope, table) == 0
    for table in ("contact", "duty", "help_request", "joining", "talk", "care", "audit"):
        assert await count(built, scope, table) == 0


async def test_a_coordinator_without_a_branch_sees_nobody(built: TestHouse) -> None:
    await filled(built)
    scope = Scope(
        person=PersonId(new_id(built.house.tokens)),
        branch=None,
        roles=frozenset({Role.COORDINATOR}),
    )

    assert await count(built, scope, "person") == 0
    assert await count(built, scope, "shift") == 0


async def test_a_row_of_another_branch_cannot_be_written_either(built: TestHouse) -> None:
    other = await filled(built)
    scope = Scope(
        person=PersonId(new_id(built.house.tokens)),
        branch=built.branch,
        roles=frozenset({Role.COORDINATOR}),
    )
    now = await built.time.now()
    during = Interval(now + timedelta(days=3), now + timedelta(days=3, hours=2))

    async with built.house.database.transaction(scope) as tx:
        touched = await tx.run("update shift set wanted = 9 where branch = $1", other)
        deleted = await tx.run("delete from person where branch = $1", other)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await built.house.roster.add_shift(scope, other, during, ["chat"], 1)

    assert (touched, deleted) == (0, 0)


async def test_a_persons_scope_ends_with_the_transaction(built: TestHouse) -> None:
    await filled(built)
    planner = Scope(
        person=PersonId(new_id(built.house.tokens)),
        branch=None,
        roles=frozenset({Role.PLANNER}),
    )
    nobody = Scope(person=PersonId(new_id(built.house.tokens)), branch=None, roles=frozenset())

    everybody = await count(built, planner, "person")

    assert everybody == 5
    assert await count(built, nobody, "person") == 0
