"""Nobody can record a call: not by a setting that is off, but because no word for it is there.

The words are taken from the provider's own library and API description, so that a new one is
looked for as soon as it is known.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from luisterlijn.edge.house import HOUSE
from luisterlijn.telephony.script import HangUp, Script
from luisterlijn.telephony.twiml import twiml
from tests.support.openapi import document, fields
from tests.support.scripts import any_script, said
from tests.support.twilio_api import Account, asking, everything, twilio_api
from tests.support.twiml import vocabulary
from tools import fallback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = "https://lijn.example"
FORBIDDEN = re.compile(
    r"record|transcri|siprec|stream|fork|speech|conversation_?relay|virtual_?agent|ai_?session"
    r"|machine_?detection|(?<![a-z])amd|<start\b|<connect\b",
    re.IGNORECASE,
)
"""In a document or a request: keeps, writes down, sends on or judges what is said."""
LOOKS = {"recordings", "transcriptions"}
"""What `watch.py` looks for in the account; it may only list them."""
OTHER_MEANINGS = {"Records", "records"}
"""The provider calls so what was used and must be paid."""

IN_OTHER_ROOMS = {"stream", "record"}
"""A chat's line of keys, a simulation's notes: where nothing of `telephony` is known."""

CALLS = re.compile(r"/telephony/|/simulation/(exchange|telephone|call)|^tools/fallback")


@cache
def words() -> frozenset[str]:
    """Give each verb, attribute, parameter and resource for it, in every spelling of Python's."""
    found = {each for pair in vocabulary() for each in pair}
    found |= {attribute for known in vocabulary().values() for attribute in known}
    for path, item in document("twilio_api_v2010.json")["paths"].items():
        found |= {part.removesuffix(".json") for part in path.split("/") if "{" not in part}
        for method in ("get", "post"):
            found |= set(fields(item[method])) if method in item else set()
    bad = {each for each in found - OTHER_MEANINGS if FORBIDDEN.search(each)}
    snakes = {re.sub(r"(?<!^)(?=[A-Z])", "_", each).lower() for each in bad}
    return frozenset(bad | snakes)


class Planted(ast.NodeVisitor):
    """Names what in a source asks the provider to keep or send on what is said."""

    def __init__(self, *, may_look: bool, other_room: bool) -> None:
        """Read one source.

        Args:
            may_look: it may list what others may have made.
            other_room: it knows nothing of calls, and some words mean something else there.
        """
        self.found: list[str] = []
        self._may_look = may_look
        self._words = words() - IN_OTHER_ROOMS if other_room else words()
        self._listed: set[int] = set()

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Look at `x.word`; `.word.list_async` alone is a look."""
        if self._may_look and node.attr == "list_async" and isinstance(node.value, ast.Attribute):
            self._listed.add(id(node.value))
        looks = id(node) in self._listed and node.attr in LOOKS
        row = isinstance(node.value, ast.Name) and node.value.id == "asyncpg"
        if node.attr in self._words and not looks and not row:
            self.found.append(f".{node.attr}")
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        """Look at `f(word=…)`."""
        if node.arg in self._words:
            self.found.append(f"{node.arg}=")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Look at `"Word"`, the name of a field, and at each word of `"<Word word=…>"`."""
        text = node.value if isinstance(node.value, str) else ""
        named = {text} if text[:1].isupper() else set()
        if "<" in text:
            named |= set(re.findall(r"\w+", text))
        self.found += sorted(named & self._words)


def planted(source: str, path: str = "luisterlijn/telephony/x.py") -> list[str]:
    """Name what a source of ours may not hold."""
    reader = Planted(
        may_look=path == "luisterlijn/telephony/watch.py",
        other_room=not CALLS.search(path) and "luisterlijn.telephony" not in source,
    )
    reader.visit(ast.parse(source))
    return reader.found


def sources() -> Iterator[Path]:
    """Give every source of the server, and what makes the fallback beside it."""
    yield from sorted((HOUSE / "luisterlijn").rglob("*.py"))
    yield HOUSE / "tools" / "fallback.py"


def test_the_words_to_look_for_are_the_providers_own() -> None:
    assert len(words()) > 60
    assert {"Record", "record", "recording_status_callback", "Siprec", "transcribe"} <= words()
    assert {"Recordings", "RecordingTrack", "recording_track", "Stream", "stream"} <= words()


def test_no_document_that_is_said_holds_one() -> None:
    documents = {twiml(script, BASE).decode() for _name, script in said()}

    assert len(documents) > 100
    assert [each for each in documents if FORBIDDEN.search(each)] == []


@pytest.mark.parametrize("numbers", [[], ["+31612345678", "+31612345679"]])
def test_no_document_of_the_fallback_holds_one(numbers: list[str]) -> None:
    made = fallback.site("+31850000000" if numbers else None, numbers).values()
    documents = [each for each in made if isinstance(each, str)]

    assert len(documents) == (3 if numbers else 1)
    assert [each for each in documents if FORBIDDEN.search(each)] == []


@settings(deadline=None)
@given(any_script())
def test_no_document_that_could_be_said_holds_one(script: Script) -> None:
    assert not FORBIDDEN.search(twiml(script, BASE).decode())


async def test_no_request_to_the_provider_asks_for_it() -> None:
    async with twilio_api(Account()) as api, asking(api) as provider:
        await everything(provider)
    looks = {"/Recordings.json", "/Transcriptions.json", "/Usage/Records/Today.json"}
    changing = [each for each in api.asked if each.method != "GET"]
    seen = {each.path[-len(look) :] for each in api.asked for look in looks} & looks

    assert len(changing) >= 7
    for each in api.asked:
        look = each.method == "GET" and any(each.path.endswith(part) for part in looks)
        assert look or not FORBIDDEN.search(each.path), each
        assert not FORBIDDEN.search(" ".join([*each.form, *each.form.values()])), each
    assert seen == looks


def test_no_source_of_ours_asks_for_it() -> None:
    found = {
        name: hits
        for path in sources()
        if (hits := planted(path.read_text(encoding="utf-8"), name := str(path.relative_to(HOUSE))))
    }

    assert len(list(sources())) > 100
    assert found == {}


@pytest.mark.parametrize(
    "element",
    [
        '<Conference record="record-from-start">',
        "<Record/>",
        "<Start><Stream url='x'/></Start>",
        "<Connect><ConversationRelay/></Connect>",
        '<Dial><Conference recordingStatusCallback="x"/></Dial>',
        '<Gather input="speech dtmf"/>',
        "<Start><Transcription/></Start>",
        "<Start><Siprec/></Start>",
    ],
)
def test_a_planted_element_is_found_in_a_document(element: str) -> None:
    document_ = twiml((HangUp(),), BASE).decode()

    assert not FORBIDDEN.search(document_)
    assert FORBIDDEN.search(document_.replace("<Hangup />", element))


@pytest.mark.parametrize(
    "line",
    [
        'dial.conference(name, record="record-from-start")',
        "Dial(action=x, recording_track='both')",
        "response.record(timeout=3)",
        "response.start().stream(url=x)",
        "start.siprec(name='x')",
        "start.transcription(name='x')",
        "response.connect().conversation_relay(url=x)",
        "response.gather(speech_timeout=3)",
        "calls.create_async(to=x, record=True)",
        "calls.create_async(to=x, machine_detection='Enable')",
        "client.calls(x).recordings.create_async()",
        "client.recordings.list_async()",
        "client.calls(x).streams",
        "form = {'RecordingChannels': 'dual'}",
        'form = {"Record": "true"}',
        'body = "<Record/>"',
        'body = "<Stream url=x>"',
        'body = "<Response><Record/></Response>"',
        "body = f\"<Response><Dial record='yes'>{x}</Dial></Response>\"",
        "{**form, 'RecordingStatusCallback': x}",
    ],
)
def test_a_planted_line_is_found_in_a_source(line: str) -> None:
    assert planted(line)


def test_looking_for_what_others_made_is_allowed_where_it_is_done_and_nothing_more() -> None:
    watch = "luisterlijn/telephony/watch.py"

    assert not planted("client.recordings.list_async(limit=1)", watch)
    assert planted("client.recordings.create_async()", watch)
    assert planted("client.calls(x).recordings.list_async().delete(record=x)", watch)
    assert planted("client.recordings.list_async(limit=1)", "luisterlijn/telephony/twilio.py")


def test_a_word_of_another_room_is_one_only_where_nothing_of_calls_is_known() -> None:
    line = "call(record=x, stream=y)"

    assert not planted(line, "luisterlijn/chat/sockets.py")
    assert planted(f"from luisterlijn.telephony import twiml\n{line}", "luisterlijn/chat/x.py")
    assert planted("call(recording_channels=x)", "luisterlijn/chat/sockets.py")
    assert not planted("row: asyncpg.Record", "luisterlijn/telephony/store.py")
