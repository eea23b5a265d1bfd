"""When the line cannot answer, a caller hears Dutch words and 112 and 113, and reaches somebody."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from aiohttp import web

from luisterlijn.edge.house import HOUSE
from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.exchange import Exchange
from luisterlijn.telephony import prompts
from luisterlijn.telephony.alarms import fallback_findings
from tests.support.house import free_port
from tests.support.twiml import unknown
from tools import fallback

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = HOUSE / "deploy" / "fallback"
SITE = FOLDER / "site"
OWN, FIRST, SECOND = "+31850000000", "+31612345678", "+31612345679"
LISTED = [FIRST, SECOND]


def script(files: dict[str, str | Path], name: str = fallback.SCRIPT) -> list[ET.Element]:
    text = files[name]
    assert isinstance(text, str)
    return list(ET.fromstring(text))  # noqa: S314 - our own


def seconds(verb: ET.Element) -> float:
    language, _, name = (verb.text or "").removesuffix(".wav").partition("-")
    found = prompts.load().get(language, name)
    assert found is not None
    return found.seconds


def test_the_files_that_lie_ready_are_those_of_today_s_prompts() -> None:
    made = fallback.site(None, [])

    assert {path.name for path in SITE.iterdir()} == set(made)
    for name, content in made.items():
        now = content.encode() if isinstance(content, str) else content.read_bytes()
        assert (SITE / name).read_bytes() == now, f"{name}: run tools/fallback.py"


@pytest.mark.parametrize("numbers", [[], LISTED])
def test_every_document_is_one_that_the_provider_knows(numbers: list[str]) -> None:
    made = fallback.site(OWN if numbers else None, numbers).values()

    assert [unknown(each) for each in made if isinstance(each, str) and unknown(each)] == []


@pytest.mark.parametrize("numbers", [[], LISTED])
def test_a_caller_hears_dutch_and_112_and_113_within_twenty_seconds(numbers: list[str]) -> None:
    verbs = script(fallback.site(OWN if numbers else None, numbers))

    words = list(takewhile(lambda verb: verb.tag == "Play", verbs))
    names = [verb.text for verb in words]
    danger = names.index("nl-danger.wav")
    there = prompts.load().get("nl", "danger")
    assert there is not None
    assert "1 1 2" in there.text
    assert "1 1 3" in there.text
    assert all(name is not None and name.startswith("nl-") for name in names[: danger + 1])
    assert sum(map(seconds, words[: danger + 1])) <= 20


def test_the_emergency_list_is_rung_in_its_order_and_sees_our_number_only() -> None:
    verbs = script(fallback.site(OWN, LISTED))

    dials = [verb for verb in verbs if verb.tag == "Dial"]
    assert [dial[0].text for dial in dials] == LISTED
    assert {dial.get("callerId") for dial in dials} == {OWN}
    # In an office a voice mail takes over after about half a minute.
    assert all(int(dial.get("timeout", "99")) <= 25 for dial in dials)


def test_a_voice_mail_takes_no_caller() -> None:
    files = fallback.site(OWN, LISTED)

    assert all(dial[0].get("url") == "offer.xml" for dial in script(files) if dial.tag == "Dial")
    asks, ends = script(files, "offer.xml")
    assert (asks.tag, asks.get("action"), asks.get("numDigits")) == ("Gather", "taken.xml", "1")
    assert ends.tag == "Hangup"


def test_nobody_is_left_in_silence_when_nobody_on_the_list_answers() -> None:
    verbs = script(fallback.site(OWN, LISTED))

    last = max(at for at, verb in enumerate(verbs) if verb.tag == "Dial")
    after = [verb.text for verb in verbs[last + 1 :] if verb.tag == "Play"]
    assert after[:2] == ["nl-fallback-end.wav", "nl-danger.wav"]
    assert verbs[-1].tag == "Hangup"


def test_everything_is_asked_for_with_get_since_who_serves_files_refuses_post() -> None:
    files = fallback.site(OWN, LISTED)
    asking = [
        element
        for name in files
        if name.endswith(".xml")
        for verb in script(files, name)
        for element in verb.iter()
        if {"url", "action"} & set(element.attrib)
    ]

    assert len(asking) == 3
    assert all(element.get("method") == "GET" for element in asking)


def test_whole_addresses_are_written_where_they_are_wanted() -> None:
    at = "https://fallback.example.nl/x/"

    files = fallback.site(OWN, LISTED, at)

    said = [verb.text for verb in script(files) if verb.tag == "Play"]
    assert said[0] == f"{at}nl-fallback.wav"
    assert script(files)[2][0].get("url") == f"{at}offer.xml"
    assert script(files, "offer.xml")[0].get("action") == f"{at}taken.xml"


@pytest.mark.parametrize(
    "line",
    [
        "112",
        "0612345678",
        "+31900123456",
        "+31849123456",
        "+31870123456",
        "+4915112345678",
        "+31 6",
    ],
)
def test_a_number_that_no_person_of_ours_answers_is_refused(line: str) -> None:
    with pytest.raises(fallback.Wrong, match="line 2"):
        fallback.numbers_of(f"# list\n{line}\n")


@pytest.mark.parametrize("text", ["", "# nobody\n", f"{FIRST}\n{FIRST}\n"])
def test_a_list_of_nobody_or_of_somebody_twice_is_refused(text: str) -> None:
    with pytest.raises(fallback.Wrong, match="1 to 6"):
        fallback.numbers_of(text)


def test_a_list_reads_as_people_write_numbers() -> None:
    assert fallback.numbers_of("# one\n+31 6 1234 5678  # Anja\n\n+31612345679\n") == LISTED


def test_a_list_without_our_number_would_show_the_caller_s_and_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text(FIRST)

    code = fallback.main([str(tmp_path / "out"), "--list", str(listed)])

    assert code == 1
    assert "must not see the caller" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_an_earlier_list_left_is_taken_away(tmp_path: Path) -> None:
    out, listed = tmp_path / "out", tmp_path / "list.txt"
    listed.write_text("\n".join(LISTED))
    assert fallback.main([str(out), "--own", OWN, "--list", str(listed)]) == 0
    assert (out / "offer.xml").exists()

    assert fallback.main([str(out)]) == 0

    assert {path.name for path in out.iterdir()} == {path.name for path in SITE.iterdir()}
    assert FIRST not in (out / "fallback.xml").read_text()


async def test_the_line_s_own_probe_finds_nothing_wrong_and_misses_a_sound(tmp_path: Path) -> None:
    fallback.make(tmp_path / "site", OWN, LISTED)
    port = free_port()
    app = web.Application()
    app.router.add_static("/", tmp_path / "site")
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        url = f"http://127.0.0.1:{port}/fallback.xml"
        whole = await fallback_findings(url)
        (tmp_path / "site" / "nl-danger.wav").unlink()
        broken = await fallback_findings(url)
    finally:
        await runner.cleanup()

    assert whole == []
    assert [each.code for each in broken] == ["fallback-broken"]


async def test_who_calls_while_the_line_is_down_hears_the_files_to_their_end() -> None:
    async def deliver(url: str, _form: dict[str, str]) -> tuple[int, bytes]:
        if url.endswith("/fallback.xml"):
            return 200, (SITE / "fallback.xml").read_bytes()
        return 503, b""

    exchange = Exchange(
        deliver,
        Chance(1, "fallback"),
        account="AC1",
        number=OWN,
        voice_url="https://line/phone/incoming",
        fallback_url="https://elsewhere/fallback.xml",
    )
    caller = exchange.call_in(FIRST)
    await exchange.run_until(60)

    assert caller.heard == [
        "nl-trouble.wav",
        "nl-danger.wav",
        "en-trouble.wav",
        "en-danger.wav",
    ]
    assert caller.over


def test_the_examples_of_servers_write_nothing_down() -> None:
    nginx = (FOLDER / "nginx.conf").read_text()
    caddy = (FOLDER / "Caddyfile").read_text()

    assert "access_log off;" in nginx
    assert "error_log  /dev/null crit;" in nginx
    assert nginx.count("_log ") == 2
    assert "output discard" in caddy
    assert caddy.count("log {") == 1
