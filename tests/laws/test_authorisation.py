"""Who may do what, for every declared route; and branch A sees nothing of branch B."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.edge.guard import ANYONE, PROVIDER, SIGNED_IN, Face
from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.scope import LINE, Role
from tests.support.database import fresh_database
from tests.support.house import made_house
from tests.support.routes import declared, filled, good
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.edge.guard import Route
    from luisterlijn.kernel.ids import BranchId, PersonId
    from luisterlijn.rostering.model import Shift
    from luisterlijn.store.embedded import Cluster
    from tests.support.served import Answer, Served

ACTORS: dict[str, frozenset[Role] | None] = {
    "nobody": None,
    "ended": None,
    **{role.value: frozenset({role}) for role in Role},
}
"""Who asks: None is not signed in, whatever cookie comes along."""
NAMES_SOMETHING = (
    "{place}",
    "/places",
    "/duty",
    "{call}",
    "{token}",
    "{plan}",
    "{event}",
    "/freeze",
    "{period}",
    "{template}",
    "{leave}",
    "/planner/leave",
    "/people/{person}",
    "/tonight/shifts",
    "{gathering}",
    "{message}",
)
"""Routes that are asked here, in path or body, for something that nobody has."""


class Country:
    """Two branches, somebody of every role in the first, and a shift and volunteer in each."""

    def __init__(self, node: Served) -> None:
        """Only `made` fills it."""
        self.node = node
        self.sessions: dict[str, bytes] = {}
        self.branches: list[BranchId] = []
        self.volunteers: list[PersonId] = []
        self.shifts: list[Shift] = []
        self.duties: list[str] = []

    @classmethod
    async def made(cls, node: Served) -> Country:
        """Make it."""
        country = cls(node)
        house = node.built.house
        country.branches = [node.built.branch, await node.branch("zwolle")]
        for number, branch in enumerate(country.branches):
            person = await node.person(f"vrijwilliger-{number}", Role.VOLUNTEER, branch)
            now = await node.built.time.now()
            during = Interval(now + timedelta(days=1), now + timedelta(days=1, hours=4))
            shift = await house.roster.add_shift(LINE, branch, during, ["chat"], 2)
            country.volunteers.append(person)
            country.shifts.append(shift)
            coordinator = await node.person(f"coordinator-{number}", Role.COORDINATOR, branch)
            country.sessions[f"coordinator-{number}"] = await house.accounts.demo_session(
                coordinator
            )
            duty = await house.coaching.rota.add(
                *(LINE, coordinator, during.start, during.end), phone_order=1, stands_in=True
            )
            country.duties.append(duty.duty)
        for role in Role:
            country.sessions[role.value] = await node.signed_in(
                f"een-{role.value}", role, country.branches[0]
            )
        country.sessions["ended"] = await node.signed_in("weg", Role.PLANNER, None)
        await house.accounts.sign_out(country.sessions["ended"])
        return country

    async def ask(self, actor: str, method: str, path: str, json: object = None) -> Answer:
        """Ask as one of those who have a session."""
        return await self.node.ask(method, path, session=self.sessions.get(actor), json=json)


@pytest.fixture(scope="module")
async def country(
    server: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Country]:
    """One country for all tests here; none of them changes a shift of the second branch."""
    async with (
        fresh_database(server, "authorisation") as database,
        made_house(database, tmp_path_factory.mktemp("authorisation")) as built,
        served(built) as node,
    ):
        yield await Country.made(node)


def refusal(route: Route, roles: frozenset[Role] | None) -> str:
    """Give the code that the declaration promises to these roles; empty when they may."""
    if route.may is ANYONE:
        return ""
    if route.may is PROVIDER:
        return "bad-signature"  # whoever asks: a signature is not a role
    if roles is None:
        return "signed-out"
    if route.may is SIGNED_IN or (isinstance(route.may, frozenset) and roles & route.may):
        return ""
    return "not-found"


@pytest.mark.parametrize("actor", ACTORS)
async def test_every_route_lets_in_whom_its_declaration_names_and_nobody_else(
    country: Country, actor: str
) -> None:
    for route in declared(country.node.built.house):
        if (route.method, route.path) == ("DELETE", "/session"):
            continue  # would end the session; proven below
        host = country.node.public if route.face is Face.PUBLIC else country.node.console
        path = filled(route, shift=country.shifts[0].id.hex)

        answer = await country.node.ask(
            route.method,
            f"{path}?from=2031-01-01" if route.method == "GET" else path,
            host=host,
            session=country.sessions.get(actor),
            json=good(route),
        )

        expected = refusal(route, ACTORS[actor])
        told = (actor, route.method, route.path, answer.status, answer.code)
        if expected:
            assert answer.code == expected, told
        else:
            assert answer.code != "signed-out", told
            # What is asked for by an id that nothing has is missing for everybody.
            missing = any(each in route.path for each in NAMES_SOMETHING)
            assert answer.code != "not-found" or missing, told
        assert answer.status < 500, told


async def test_a_public_route_reads_no_session_and_a_console_route_is_not_on_the_public_face(
    country: Country,
) -> None:
    node = country.node
    for route in declared(node.built.house):
        if route.face is Face.CONSOLE:
            answer = await node.ask(
                route.method,
                filled(route),
                host=node.public,
                session=country.sessions["planner"],
                json=good(route),
            )
            assert answer.code == "not-found", route.path


async def test_a_session_that_was_signed_out_of_opens_nothing_any_more(country: Country) -> None:
    session = await country.node.signed_in("kort", Role.PLANNER, None)

    before = await country.node.ask("GET", "/session", session=session)
    out = await country.node.ask("DELETE", "/session", session=session)
    after = await country.node.ask("GET", "/session", session=session)
    again = await country.node.ask("DELETE", "/session", session=session)

    assert (before.status, out.status) == (200, 204)
    assert (after.code, again.code) == ("signed-out", "signed-out")


async def test_a_coordinator_sees_the_own_branch_and_nothing_of_another(country: Country) -> None:
    for own, other in ((0, 1), (1, 0)):
        actor = f"coordinator-{own}"
        day = country.shifts[0].during.start.date() - timedelta(days=2)
        question = f"/branch/shifts?from={day}&days=7"

        seen = [
            each["shift"] for each in (await country.ask(actor, "GET", question)).json()["shifts"]
        ]
        people = [
            each["person"]
            for each in (await country.ask(actor, "GET", "/branch/people")).json()["people"]
        ]
        asked = await country.ask(actor, "GET", f"{question}&branch={country.branches[other].hex}")

        assert country.shifts[own].id.hex in seen
        assert country.shifts[other].id.hex not in seen
        assert country.volunteers[own].hex in people
        assert country.volunteers[other].hex not in people
        assert asked.code == "not-found"


async def test_a_coordinator_changes_nothing_of_another_branch(country: Country) -> None:
    actor, other = "coordinator-0", country.shifts[1].id.hex
    place = await country.ask(
        "planner", "POST", f"/branch/shifts/{other}/places", {"person": country.volunteers[1].hex}
    )
    [taken] = place.json()["places"]
    new_shift = {
        "date": "2031-05-05",
        "starts": "10:00",
        "ends": "12:00",
        "channels": ["chat"],
        "branch": country.branches[1].hex,
    }

    answers = [
        await country.ask(actor, "POST", f"/branch/shifts/{other}/cancel", {}),
        await country.ask(
            actor, "POST", f"/branch/shifts/{other}/places", {"person": country.volunteers[0].hex}
        ),
        await country.ask(
            actor, "POST", f"/branch/shifts/{other}/places", {"person": country.volunteers[1].hex}
        ),
        await country.ask(
            actor,
            "POST",
            f"/branch/shifts/{country.shifts[0].id.hex}/places",
            {"person": country.volunteers[1].hex},
        ),
        await country.ask(
            actor, "POST", f"/branch/shifts/{other}/places/{taken['place']}/remove", {}
        ),
        await country.ask(
            actor,
            "POST",
            f"/branch/shifts/{country.shifts[0].id.hex}/places/{taken['place']}/remove",
            {},
        ),
        await country.ask(actor, "POST", "/branch/shifts", new_shift),
    ]

    assert {answer.code for answer in answers} == {"not-found"}
    kept = await country.node.built.owner.fetchrow(
        "select s.state, p.state as place, (select count(*) from shift where branch = s.branch)"
        " from shift s join place p on p.shift = s.id where s.id = $1",
        country.shifts[1].id,
    )
    assert kept is not None
    assert tuple(kept) == ("published", "published", 1)


async def test_a_coordinator_sees_and_removes_who_stands_in_of_the_own_branch_only(
    country: Country,
) -> None:
    day = country.shifts[0].during.start.date() - timedelta(days=2)
    for own, other in ((0, 1), (1, 0)):
        rota = (await country.ask(f"coordinator-{own}", "GET", f"/duty?from={day}")).json()
        removed = await country.ask(
            f"coordinator-{own}", "DELETE", f"/duty/{country.duties[other]}"
        )

        assert [each["duty"] for each in rota["duties"]] == [country.duties[own]]
        assert removed.code == "not-found"
    everything = (await country.ask("planner", "GET", f"/duty?from={day}")).json()
    assert {each["duty"] for each in everything["duties"]} == set(country.duties)


async def test_somebody_of_the_whole_line_sees_every_branch(country: Country) -> None:
    people = (await country.ask("planner", "GET", "/branch/people")).json()["people"]

    assert {each.hex for each in country.volunteers} <= {each["person"] for each in people}


async def test_what_is_missing_and_what_is_forbidden_answer_alike(country: Country) -> None:
    body = {"person": country.volunteers[0].hex}
    forbidden = f"/branch/shifts/{country.shifts[1].id.hex}/places"

    one = await country.ask("coordinator-0", "POST", forbidden, body)
    two = await country.ask("coordinator-0", "POST", f"/branch/shifts/{'0' * 32}/places", body)
    three = await country.ask("volunteer", "POST", forbidden, body)

    assert one.body == two.body == three.body
