"""A refusal is a closed document with a stable code, and repeats nothing that was sent."""

from __future__ import annotations

import msgspec
import pytest

from luisterlijn.edge.problems import PROBLEM, SENTENCES, STATUS, Problem, problem
from luisterlijn.kernel.errors import Code


@pytest.mark.parametrize("code", list(Code))
def test_every_code_has_a_dutch_sentence_and_a_status_that_is_no_fault_of_ours(code: Code) -> None:
    answer = problem(code)
    assert isinstance(answer.body, bytes)
    body = msgspec.json.decode(answer.body, type=Problem)

    assert answer.content_type == PROBLEM
    assert body == Problem(
        title=code.value, status=answer.status, code=code.value, detail=SENTENCES[code]
    )
    assert body.type == "about:blank"
    assert body.detail.endswith(".")
    assert answer.status < 500 or code is Code.TRY_AGAIN


def test_a_code_without_a_status_of_its_own_is_a_conflict() -> None:
    assert {problem(code).status for code in set(Code) - set(STATUS)} == {409}


def test_only_who_comes_too_fast_is_told_how_long_to_wait() -> None:
    assert problem(Code.TOO_FAST).headers["Retry-After"] == "5"
    assert "Retry-After" not in problem(Code.LINE_FULL).headers


def test_the_servers_own_status_stands_in_the_body_too() -> None:
    answer = problem(Code.BAD_REQUEST, status=405)
    assert isinstance(answer.body, bytes)

    assert answer.status == 405
    assert msgspec.json.decode(answer.body)["status"] == 405
