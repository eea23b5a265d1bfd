"""Three kinds of failure.

A *refusal*: the domain says no. An *outage*: the world failed. The rest is a fault: our bug.
"""

from __future__ import annotations

from enum import StrEnum, unique


@unique
class Code(StrEnum):
    """Every stable code that a client can meet; the sentence for people lives in `texts/`."""

    # the request itself
    BAD_REQUEST = "bad-request"
    BAD_ORIGIN = "bad-origin"
    NOT_FOUND = "not-found"
    TOO_FAST = "too-fast"
    MESSAGE_TOO_LONG = "message-too-long"
    TRY_AGAIN = "try-again"
    # who is asking
    SIGNED_OUT = "signed-out"
    SIGN_IN_REFUSED = "sign-in-refused"
    TICKET_GONE = "ticket-gone"
    # the line
    LINE_CLOSED = "line-closed"
    LINE_FULL = "line-full"
    # one contact
    CONTACT_GONE = "contact-gone"
    NOT_YOUR_CONTACT = "not-your-contact"
    STALE_EPOCH = "stale-epoch"
    KEY_PERIOD_PASSED = "key-period-passed"
    FROZEN = "frozen"
    OFFER_GONE = "offer-gone"
    NOBODY_FREE = "nobody-free"
    JOINING_GONE = "joining-gone"
    # a call
    NOT_A_CALL = "not-a-call"
    NOT_CALLABLE = "not-callable"
    NO_CONSENT = "no-consent"
    THIRD_PARTIES_OFF = "third-parties-off"
    CALLED_ENOUGH = "called-enough"
    CODE_GIVEN = "code-given"
    NO_OWN_PHONE = "no-own-phone"
    BAD_SIGNATURE = "bad-signature"
    # help
    REQUEST_GONE = "request-gone"
    NOT_ON_DUTY = "not-on-duty"
    EMERGENCY_OFF = "emergency-off"
    # a volunteer's presence
    NOT_ON_SHIFT = "not-on-shift"
    WRAP_UP_FIRST = "wrap-up-first"
    # the shift's own room
    ROOM_CHANGED = "room-changed"
    # the roster
    SHIFT_CANCELLED = "shift-cancelled"
    OVERLAPS = "overlaps"
    NOT_TRAINED = "not-trained"
    ZERO_LENGTH = "zero-length"
    IN_THE_PAST = "in-the-past"
    SHIFT_FULL = "shift-full"
    TWO_SHIFTS_A_DAY = "two-shifts-a-day"
    TOO_LITTLE_REST = "too-little-rest"
    TOO_LONG_A_DAY = "too-long-a-day"
    TOO_MANY_A_WEEK = "too-many-a-week"
    TOO_MANY_SHIFTS = "too-many-shifts"
    TOO_MANY_NIGHTS = "too-many-nights"
    TRAINEE_ALONE = "trainee-alone"
    DESKS_FULL = "desks-full"
    ON_LEAVE = "on-leave"
    NOT_AVAILABLE = "not-available"
    ACCOUNT_ENDED = "account-ended"
    NO_COACH = "no-coach"
    SWAP_GONE = "swap-gone"
    TOO_LATE = "too-late"
    TOKEN_USED = "token-used"  # noqa: S105 - a code, no secret
    CALL_UP_GONE = "call-up-gone"
    # the people of a branch
    STEP_NOT_POSSIBLE = "step-not-possible"
    STEP_TOO_EARLY = "step-too-early"
    NOT_A_MENTOR = "not-a-mentor"
    GATHERING_OFF = "gathering-off"
    GATHERING_FULL = "gathering-full"
    NOBODY_THERE = "nobody-there"
    NOT_A_LIST = "not-a-list"
    PREVIEW_PASSED = "preview-passed"


class Refusal(Exception):
    """The domain says no, for a reason with a stable code."""

    def __init__(self, code: Code, detail: str = "") -> None:
        """Remember the code; `detail` is for developers and never holds what somebody sent."""
        super().__init__(code.value)
        self.code = code
        self.detail = detail


class Outage(Exception):
    """Something outside us did not answer in time; the caller may try again."""
