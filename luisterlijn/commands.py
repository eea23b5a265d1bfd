"""Orders of an operator: people, branches, shifts, how to sign in, the telephone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from base64 import b32encode
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from luisterlijn import settings
from luisterlijn.accounts.service import NewPerson
from luisterlijn.app import house
from luisterlijn.edge.postman import knock
from luisterlijn.kernel.clock import AMSTERDAM, local_interval
from luisterlijn.kernel.errors import Code, Outage, Refusal
from luisterlijn.kernel.ids import BranchId, ShiftId, new_id, parse_id
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.planner import command as planner
from luisterlijn.planning import command as planning
from luisterlijn.privacy.redaction import Secret
from luisterlijn.rostering import command as rostering
from luisterlijn.simulation import demo
from luisterlijn.store.embedded import running
from luisterlijn.telephony.alarms import SENTENCES, fallback_findings
from luisterlijn.telephony.ports import Finding
from luisterlijn.telephony.twilio import TwilioProvider

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from luisterlijn.demand.service import Demand
    from luisterlijn.house import House
    from luisterlijn.store.database import Transaction

PASSWORD_BYTES = 15
REFUSED = 1
SHOWN = timedelta(days=14)


class NotRunning(Exception):
    """There is no line here to give orders beside."""


@contextlib.asynccontextmanager
async def beside() -> AsyncIterator[House]:
    """Give the parts of a node that serves nothing, on the database that a server uses.

    Our own PostgreSQL exists in the demo only, so that without `DATABASE_URL` the demo is meant.

    Raises:
        NotRunning: our own PostgreSQL does not run.
        SettingsFault: the settings cannot be used.
    """
    chosen = _chosen()
    url = chosen.database_url
    if url is None:
        ours = running(chosen.data / "postgres")
        if ours is None:
            raise NotRunning("No luisterlijn runs on this data folder. Start it first: make run")
        url = ours.app_url
    async with house(chosen, url) as built:
        yield built


def _chosen() -> settings.Settings:
    """Read the settings; without a database and without a telephone the demo is meant."""
    environment = dict(os.environ)
    real = ("DATABASE_URL", "TWILIO_")
    if not any(name.startswith(real) and value for name, value in environment.items()):
        environment["LUISTERLIJN_DEMO"] = "1"
    return settings.read(environment)


def parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the orders to the command line."""
    shift = commands.add_parser("shift", help="add, cancel or list shifts")
    orders = shift.add_subparsers(required=True, metavar="ORDER")
    add = orders.add_parser("add", help="add a published shift, in Amsterdam wall-clock time")
    add.add_argument("--branch", required=True, metavar="NAME", help="short name, like utrecht")
    add.add_argument("--date", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
    add.add_argument("--from", dest="starts", required=True, type=time.fromisoformat)
    add.add_argument("--to", dest="ends", required=True, type=time.fromisoformat)
    add.add_argument("--channels", default="chat", help="comma-separated: chat,phone,mail")
    add.add_argument("--wanted", type=int, default=1)
    add.add_argument("--person", action="append", default=[], metavar="SIGN-IN")
    add.set_defaults(order=_shift_add)
    cancel = orders.add_parser("cancel", help="cancel a shift")
    cancel.add_argument("shift", metavar="ID")
    cancel.set_defaults(order=_shift_cancel)
    listed = orders.add_parser("list", help="the shifts of a branch, a fortnight from a day on")
    listed.add_argument("--branch", required=True, metavar="NAME")
    listed.add_argument("--date", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
    listed.set_defaults(order=_shift_list)

    branch = commands.add_parser("branch", help="add a branch")
    orders = branch.add_subparsers(required=True, metavar="ORDER")
    add = orders.add_parser("add", help="add a branch")
    add.add_argument("slug", metavar="SHORT-NAME", help="lower-case, like den-haag")
    add.add_argument("name", metavar="NAME")
    add.set_defaults(order=_branch_add)

    accounts = commands.add_parser("accounts", help="give somebody an account")
    orders = accounts.add_subparsers(required=True, metavar="ORDER")
    add = orders.add_parser("add", help="prints the password and the code app's link, once")
    add.add_argument("sign_in", metavar="SIGN-IN")
    add.add_argument("name", metavar="NAME")
    add.add_argument(
        "--role", action="append", required=True, choices=[each.value for each in Role]
    )
    add.add_argument("--branch", metavar="NAME", help="none: works for the whole line")
    add.add_argument("--languages", default="nl", help="comma-separated")
    add.add_argument("--channels", default="", help="trained for, comma-separated: chat,phone,mail")
    add.set_defaults(order=_accounts_add)
    phone = orders.add_parser(
        "phone", help="reads somebody's own number, like +31612345678, from standard input"
    )
    phone.add_argument("sign_in", metavar="SIGN-IN")
    phone.add_argument("--remove", action="store_true", help="reads nothing: forget the number")
    phone.set_defaults(order=_accounts_phone)

    _checks(commands)
    verify = commands.add_parser(
        "verify-audit", help="name every entry of the audit trail that was tampered with"
    )
    verify.add_argument(
        "--noted",
        type=_noted,
        metavar="NUMBER:HASH",
        help="the end of the trail as it was printed and written down before",
    )
    verify.set_defaults(order=_verify_audit)

    _roster_parsers(commands)

    codes = commands.add_parser("demo", help="how to sign in to the demo, with codes of now")
    codes.set_defaults(order=_demo)


def _checks(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    telephony = commands.add_parser("telephony", help="look after the telephone")
    orders = telephony.add_subparsers(required=True, metavar="ORDER")
    check = orders.add_parser("check", help="what is missing or wrong; calls nobody")
    check.add_argument("--language", choices=("en", "nl"), default="en")
    check.set_defaults(do=lambda given: asyncio.run(_telephony_check(given.language)))
    mail = commands.add_parser("mail", help="look after the reminders by mail")
    orders = mail.add_subparsers(required=True, metavar="ORDER")
    check = orders.add_parser("check", help="whether the mail host takes our mail; sends none")
    check.set_defaults(do=lambda _given: asyncio.run(_mail_check()))


def _roster_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the orders about rosters."""
    orders = planning.parsers(commands)
    taken, given = rostering.parsers(orders)
    taken.set_defaults(order=lambda built, order: rostering.take(built.roster, order))
    given.set_defaults(order=lambda built, order: rostering.give(built.roster, order))
    plan = planner.parsers(orders)
    plan.set_defaults(order=lambda built, given: planner.plan(built.planner, given))


def forecast_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the orders about what will come."""
    forecast = commands.add_parser("forecast", help="what will come, and how many are needed")
    orders = forecast.add_subparsers(required=True, metavar="ORDER")
    fit = orders.add_parser("fit", help="learn from the line's counters, draft the weeks to come")
    fit.add_argument("--weeks", type=int, default=8, metavar="N")
    fit.add_argument("--share", type=float, help="to be answered within a minute")
    fit.set_defaults(order=_forecast_fit)
    show = orders.add_parser("show", help="mean, P90 and required, per half hour of a week")
    show.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="its first day")
    show.add_argument("--frozen", action="store_true", help="what a roster is made for")
    show.set_defaults(order=_forecast_show)
    freeze = orders.add_parser("freeze", help="keep the draft as it is, to make a roster for")
    freeze.set_defaults(order=_forecast_freeze)


async def give(
    order: Callable[[House, argparse.Namespace], Awaitable[int | None]],
    arguments: argparse.Namespace,
) -> int:
    """Give one order; a refusal is told in a word and the exit code."""
    async with beside() as built:
        try:
            return await order(built, arguments) or 0
        except (Refusal, Outage, ValueError) as refusal:
            print(f"refused: {refusal}", file=sys.stderr)  # noqa: T201 - this is the command line
            return REFUSED


async def _shift_add(built: House, arguments: argparse.Namespace) -> None:
    async with built.database.transaction(LINE) as tx:
        branch = await _branch(built, tx, arguments.branch)
        people = [
            await built.accounts.person_by_sign_in(tx, sign_in) for sign_in in arguments.person
        ]
    if None in people:
        raise Refusal(Code.NOT_FOUND)
    during = local_interval(arguments.date, arguments.starts, arguments.ends)
    shift = await built.roster.add_shift(
        LINE, branch, during, arguments.channels.split(","), arguments.wanted
    )
    for person in people:
        if person is not None:
            await built.roster.put_on(LINE, shift.id, person)
    _say(shift.id.hex)


async def _shift_cancel(built: House, arguments: argparse.Namespace) -> None:
    shift = parse_id(arguments.shift)
    if shift is None:
        raise Refusal(Code.NOT_FOUND)
    await built.roster.cancel(LINE, ShiftId(shift))
    _say("cancelled")


async def _shift_list(built: House, arguments: argparse.Namespace) -> None:
    async with built.database.transaction(LINE) as tx:
        branch = await _branch(built, tx, arguments.branch)
    start = datetime.combine(arguments.date, time(), AMSTERDAM).astimezone(UTC)
    shifts, taken = await built.roster.shifts(LINE, branch, start, SHOWN.days)
    for shift in shifts:
        begins = shift.during.start.astimezone(AMSTERDAM)
        ends = shift.during.end.astimezone(AMSTERDAM)
        names = ", ".join(name for place, name in taken if place.shift == shift.id)
        _say(
            f"{shift.id.hex}  {begins:%Y-%m-%d %H:%M}-{ends:%H:%M}  {shift.state:9}"
            f"  {'+'.join(shift.channels)}  {names}"
        )


async def _branch_add(built: House, arguments: argparse.Namespace) -> None:
    branch = BranchId(new_id(built.tokens))
    async with built.database.transaction(LINE) as tx:
        if await built.accounts.branch_by_slug(tx, arguments.slug) is not None:
            raise Refusal(Code.OVERLAPS)
        await built.accounts.add_branch(tx, branch, arguments.slug, arguments.name)
    _say("added")


async def _accounts_add(built: House, arguments: argparse.Namespace) -> None:
    password = b32encode(built.tokens.bytes(PASSWORD_BYTES)).decode().lower()
    async with built.database.transaction(LINE) as tx:
        if await built.accounts.person_by_sign_in(tx, arguments.sign_in) is not None:
            raise Refusal(Code.OVERLAPS)
        branch = await _branch(built, tx, arguments.branch) if arguments.branch else None
        new = NewPerson(
            sign_in=arguments.sign_in.lower(),
            name=arguments.name,
            branch=branch,
            roles=frozenset(Role(each) for each in arguments.role),
            languages=tuple(arguments.languages.split(",")),
            channels=tuple(filter(None, arguments.channels.split(","))),
        )
        [person] = await built.accounts.add_people(tx, [new], Secret(password))
        link = await built.accounts.totp_link(tx, person)
    _say(f"sign-in   {new.sign_in}\npassword  {password}\ncode app  {link.reveal()}")


async def _accounts_phone(built: House, arguments: argparse.Namespace) -> None:
    number = None
    if not arguments.remove:
        typed = await asyncio.to_thread(sys.stdin.readline)
        number = Secret(typed.strip().replace(" ", ""))
    async with built.database.transaction(LINE) as tx:
        person = await built.accounts.person_by_sign_in(tx, arguments.sign_in)
        if person is None:
            raise Refusal(Code.NOT_FOUND)
        await built.accounts.set_phone(tx, person, number)
    _say("removed" if number is None else "kept")


def _demand(built: House) -> Demand:
    """Give the room about what will come; a server, which never asks, does not load numpy."""
    from luisterlijn.demand.service import Demand  # noqa: PLC0415 - as said

    return Demand(built.database, built.tokens)


async def _forecast_fit(built: House, arguments: argparse.Namespace) -> None:
    counted = await built.reporting.arrivals()
    drafted = await _demand(built).draft(counted, arguments.weeks, arguments.share)
    _say(f"drafted {arguments.weeks} weeks: {drafted.profile.source}")
    if drafted.example:
        _say(f"too few counts yet, so an EXAMPLE stands for: {', '.join(drafted.example)}")


async def _forecast_show(built: House, arguments: argparse.Namespace) -> None:
    week = await _demand(built).week(arguments.date, "frozen" if arguments.frozen else None)
    _say(f"{week.profile.state}: {week.profile.source}")
    _say(f"{'Amsterdam':18} {'channel':8} {'mean':>7} {'P90':>7} {'required':>8}")
    for moment, channel, mean, high, needed in week.expected:
        wall = moment.astimezone(AMSTERDAM)
        _say(f"{wall:%a %Y-%m-%d %H:%M} {channel:8} {mean:7.1f} {high:7.1f} {needed:8}")


async def _forecast_freeze(built: House, _arguments: argparse.Namespace) -> None:
    await _demand(built).freeze()
    _say("frozen")


async def _verify_audit(built: House, arguments: argparse.Namespace) -> int:
    found = await built.audit.verify(arguments.noted)
    for fault in found.faults:
        run = (
            f"entry {fault.first}"
            if fault.first == fault.last
            else (f"entries {fault.first} to {fault.last}")
        )
        _say(f"{run}: {fault.wrong.value}")
    if found.faults:
        return REFUSED
    held = f"entries {found.first} to {found.last}" if found.first <= found.last else "no entries"
    _say(f"whole: {held}\nend of the trail, to write down: {found.last}:{found.hash.hex()}")
    return 0


def _noted(text: str) -> tuple[int, bytes]:
    number, _, digest = text.partition(":")
    return int(number), bytes.fromhex(digest)


async def _demo(built: House, _arguments: argparse.Namespace) -> None:
    for sign_in, name, roles, code in await built.accounts.demo_people():
        _say(f"{sign_in:15} {', '.join(roles):12} {code}   {name}")
    _say(f"\npassword: {demo.PASSWORD}")


async def _telephony_check(language: str) -> int:
    """Say what is missing or wrong; needs no running line and no database."""
    try:
        found = await telephony_findings(_chosen())
    except settings.SettingsFault as fault:
        _say("\n".join(f"ALARM  setting             {each}" for each in fault.faults))
        return REFUSED
    for each in found:
        sentence = getattr(SENTENCES[each.code], language)
        _say(f"{'ALARM' if each.grave else 'note':6} {each.code:19} {sentence}")
    if not found:
        _say("ok")
    return REFUSED if any(each.grave for each in found) else 0


async def _mail_check() -> int:
    """Say whether reminders go out by mail; needs no running line and no database."""
    try:
        chosen = _chosen()
    except settings.SettingsFault as fault:
        _say("\n".join(f"ALARM  setting             {each}" for each in fault.faults))
        return REFUSED
    if chosen.mail is None:
        _say("note   no-mail             volunteers are reminded in the console only")
        return 0
    try:
        await knock(chosen.mail)
    except Outage:
        _say("ALARM  mail-away           the mail host does not take our mail")
        return REFUSED
    _say("ok")
    return 0


async def telephony_findings(
    chosen: settings.Settings, address: str | None = None
) -> Sequence[Finding]:
    """Give what is missing or wrong at the telephone provider, worst first.

    Args:
        chosen: the settings.
        address: where the provider's API answers, when it is not its own address.
    """
    if chosen.demo:
        return [Finding(code="demo", grave=False)]
    if chosen.twilio is None:
        return [Finding(code="not-set-up", grave=True)]
    provider = TwilioProvider(chosen.twilio, chosen.public_url, address)
    try:
        found = [*await provider.findings(), *await fallback_findings(chosen.twilio.fallback_url)]
    finally:
        await provider.close()
    return sorted(found, key=lambda each: not each.grave)


async def _branch(built: House, tx: Transaction, slug: str) -> BranchId:
    branch = await built.accounts.branch_by_slug(tx, slug)
    if branch is None:
        raise Refusal(Code.NOT_FOUND)
    return branch


def _say(line: str) -> None:
    print(line)  # noqa: T201 - this is the command line
