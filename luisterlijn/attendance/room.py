"""The room of attendance, built once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from luisterlijn.attendance.letters import Letters
from luisterlijn.attendance.reach import Reach
from luisterlijn.attendance.service import Attendance
from luisterlijn.attendance.views import Views
from luisterlijn.edge.postman import DemoPostman, Postman, SmtpPostman
from luisterlijn.kernel.ids import PersonId
from luisterlijn.rostering.attending import Attending
from luisterlijn.rostering.placing import Placing

if TYPE_CHECKING:
    from luisterlijn.accounts.service import Accounts
    from luisterlijn.attendance.events import AttendanceChanged
    from luisterlijn.audit.service import Audit
    from luisterlijn.coaching.rota import Rota
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.privacy.keyring import Keyring
    from luisterlijn.settings import Settings
    from luisterlijn.store.database import Database
    from luisterlijn.volunteers.service import Volunteers


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRoom:
    """Every part of the room. `tell`: shows something in a person's console."""

    attendance: Attendance
    letters: Letters
    reach: Reach
    views: Views
    postman: Postman | None
    tell: Callable[[PersonId | None, str, object], None]

    def show(self, event: AttendanceChanged) -> None:
        """Hint listener: who comes or is asked changed, for those who see it."""
        for person in event.told:
            self.tell(person, "changed", {})


def attendance_room(
    settings: Settings,
    database: Database,
    accounts: Accounts,
    volunteers: Volunteers,
    rota: Rota,
    audit: Audit,
    keyring: Keyring,
    tokens: TokenSource,
    *,
    tell: Callable[[PersonId | None, str, object], None],
) -> AttendanceRoom:
    """Build the room; mail goes where the settings say, in the demo to memory, else nowhere."""
    attending = Attending(Placing(volunteers, tokens))
    attendance = Attendance(database, attending, rota, tokens)
    reach = Reach(database, accounts, audit, keyring, tokens)
    postman: Postman | None = None
    if settings.demo:
        postman = DemoPostman()
    elif settings.mail is not None:
        postman = SmtpPostman(settings.mail)
    return AttendanceRoom(
        attendance=attendance,
        letters=Letters(database, attending, reach, postman, settings.console_url, tokens),
        reach=reach,
        views=Views(database, attendance, attending, rota),
        postman=postman,
        tell=tell,
    )
