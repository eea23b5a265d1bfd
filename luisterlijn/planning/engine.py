"""What every engine promises, and which there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from luisterlijn.planning.instance import Roster
from luisterlijn.planning.objective import Cost, cost
from luisterlijn.planning.rules import NEVER, Rule, broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from luisterlijn.planning.instance import Assignment, Instance
    from luisterlijn.planning.rules import Broken

ENGINE_MISSING = "engine-missing"


class EngineMissing(Exception):
    """The engine needs a library that is not installed."""

    code = ENGINE_MISSING


class BadPins(Exception):
    """What is pinned cannot stand, whatever else is planned; `broken` says why."""

    code = "bad-pins"

    def __init__(self, found: Iterable[Broken]) -> None:
        """Keep which rules are broken, by whom and when."""
        super().__init__(self.code)
        self.broken = tuple(found)


class BadBegin(Exception):
    """The roster to begin with breaks a rule, or lacks a pinned assignment."""

    code = "bad-begin"


@dataclass(frozen=True, slots=True)
class Step:
    """How far an engine is: seconds since it began, and the best roster so far with its cost."""

    seconds: float
    cost: int
    roster: Roster


@dataclass(frozen=True, slots=True)
class Plan:
    """What an engine made; it breaks no rule that its pins do not break themselves."""

    roster: Roster
    cost: Cost
    seconds: float


class Engine(Protocol):
    """Makes a roster within the time it is given."""

    def solve(
        self,
        instance: Instance,
        *,
        seconds: float,
        seed: int,
        pinned: Iterable[Assignment] = (),
        begin: Iterable[Assignment] = (),
        progress: Callable[[Step], None] = ...,
        cancelled: Callable[[], bool] = ...,
    ) -> Plan:
        """Make the best roster that the time allows.

        Args:
            instance: the problem.
            seconds: by then it is done; it may be done sooner.
            seed: where its chance begins.
            pinned: assignments that stay. What a coordinator allowed with the volunteer's yes may
                break a rule of the person; nothing is added to it then.
            begin: a roster to make better, with the pinned in it; none: it begins with nobody.
            progress: told now and then, with the best roster so far.
            cancelled: asked now and then; once it says yes, the best roster so far is the answer.

        Raises:
            BadPins: the pinned break a rule that nobody can allow.
            BadBegin: the roster to begin with breaks a rule, or lacks a pinned assignment.
        """
        ...


def untold(_step: Step) -> None:
    """Tell nobody."""


def never() -> bool:
    """Say no: it is not cancelled."""
    return False


def check_beginning(instance: Instance, pinned: Roster, begin: Roster) -> None:
    """Refuse pins or a beginning that no engine can keep.

    Raises:
        BadPins: the pinned break a rule that nobody can allow; a trainee alone is not yet one,
            since a mentor can still be planned.
        BadBegin: the roster to begin with lacks a pinned assignment, or breaks a rule that the
            pinned do not break by themselves.
    """
    allowed = broken(instance, pinned)
    bad = [each for each in allowed if each.rule in NEVER and each.rule is not Rule.TRAINEE_ALONE]
    if bad:
        raise BadPins(bad)
    if begin and (not set(pinned) <= set(begin) or not confirmed(instance, begin, pinned)):
        raise BadBegin


def confirmed(
    instance: Instance, roster: Iterable[Assignment], pinned: Iterable[Assignment]
) -> bool:
    """Say whether a roster keeps what is pinned, and breaks only what that breaks by itself."""
    rows, kept = set(roster), set(pinned)
    excused = {each for each in broken(instance, kept) if each.rule is not Rule.TRAINEE_ALONE}
    return kept <= rows and set(broken(instance, rows)) <= excused


def finished(
    instance: Instance, found: Roster, pinned: Iterable[Assignment], seconds: float
) -> Plan:
    """Give the plan of a roster that the checker has confirmed.

    Raises:
        RuntimeError: the engine broke a rule or moved what is pinned: our mistake, never shown.
    """
    if not confirmed(instance, found, pinned):
        raise RuntimeError("an engine broke a rule")
    return Plan(found, cost(instance, found), seconds)
