"""What a console may send, and nothing else."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from luisterlijn.dispatch.wire import (
    Answer,
    End,
    OfContact,
    SetCapacity,
    SetPresence,
    WrapUp,
    WriteUp,
    contact_of,
)
from luisterlijn.kernel.errors import Code, Refusal

CONTACT = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("shape", "sent"),
    [
        (SetPresence, {"to": "ready"}),
        (SetPresence, {"to": "paused"}),
        (SetPresence, {"to": "away"}),
        (SetCapacity, {"chats": 1}),
        (SetCapacity, {"chats": 3}),
        (Answer, {"contact": CONTACT, "epoch": 2}),
        (OfContact, {"contact": CONTACT}),
        (End, {"contact": CONTACT, "reason": "abuse"}),
        (WriteUp, {"contact": CONTACT, "form": {"nature": "talk"}}),
        (WrapUp, {"nature": "silent", "topics": ["alone", "mind", "work"], "heaviness": 5}),
    ],
)
def test_an_order_as_the_console_sends_it_is_read(shape: type, sent: dict[str, Any]) -> None:
    assert msgspec.convert(sent, shape) is not None


@pytest.mark.parametrize(
    ("shape", "sent"),
    [
        (SetPresence, {"to": "none"}),
        (SetPresence, {"to": "ready", "person": CONTACT}),
        (SetCapacity, {"chats": 0}),
        (SetCapacity, {"chats": 4}),
        (SetCapacity, {"chats": True}),
        (Answer, {"contact": CONTACT}),
        (Answer, {"contact": CONTACT, "epoch": "2"}),
        (Answer, {"contact": CONTACT.upper(), "epoch": 2}),
        (Answer, {"contact": CONTACT + "\n", "epoch": 2}),
        (OfContact, {"contact": CONTACT[:-1]}),
        (OfContact, {"contact": None}),
        (End, {"contact": CONTACT, "reason": "limit"}),
        (WriteUp, {"contact": CONTACT, "form": {"nature": "talk"}, "then": "away"}),
    ],
)
def test_anything_else_is_refused(shape: type, sent: dict[str, Any]) -> None:
    with pytest.raises((msgspec.ValidationError, Refusal)):
        contact_of(getattr(msgspec.convert(sent, shape), "contact", ""))


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"nature": "good talk with Anja"},
        {"nature": "talk", "note": "she lives alone"},
        {"nature": "talk", "topics": ["alone", "mind", "work", "money"]},
        {"nature": "talk", "topics": ["her son"]},
        {"nature": "talk", "referred": ["113"] * 6},
        {"nature": "talk", "heaviness": 0},
        {"nature": "talk", "heaviness": 6},
        {"nature": "talk", "age": "83"},
    ],
)
def test_a_wrap_up_has_no_room_for_words_about_a_person(form: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(form, WrapUp)


def test_only_the_nature_of_a_conversation_must_be_told() -> None:
    assert msgspec.convert({"nature": "wrong"}, WrapUp).counted() == {"nature": ["wrong"]}


def test_what_is_counted_holds_each_value_once_and_never_how_heavy_it_was() -> None:
    form = WrapUp(
        nature="talk",
        topics=["mind", "alone", "mind"],
        loneliness="social",
        age="80plus",
        referred=["kaart", "113"],
        heaviness=5,
    )

    assert form.counted() == {
        "nature": ["talk"],
        "topic": ["alone", "mind"],
        "loneliness": ["social"],
        "age": ["80plus"],
        "referred": ["113", "kaart"],
    }


def test_after_a_wrap_up_a_volunteer_is_ready_unless_they_say_otherwise() -> None:
    written = msgspec.convert({"contact": CONTACT, "form": {"nature": "talk"}}, WriteUp)

    assert written.then == "ready"


def test_an_id_that_is_none_is_a_bad_request() -> None:
    assert contact_of(CONTACT).hex == CONTACT
    with pytest.raises(Refusal) as refusal:
        contact_of("not-an-id")
    assert refusal.value.code is Code.BAD_REQUEST
