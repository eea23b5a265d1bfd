"""Built files come from memory, under the names they had at the start and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp.test_utils import make_mocked_request

from luisterlijn.edge.assets import KINDS, PACKED, Assets
from luisterlijn.edge.house import BUILT
from luisterlijn.kernel.errors import Code, Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    (tmp_path / "built" / "deep").mkdir(parents=True)
    (tmp_path / "built" / "page.js").write_text("let a = 1;")
    (tmp_path / "built" / "page.js.br").write_bytes(b"brotli")
    (tmp_path / "built" / "page.js.gz").write_bytes(b"gzip")
    (tmp_path / "built" / "deep" / "font.woff2").write_bytes(b"font")
    (tmp_path / "built" / "notes.txt").write_text("not for others")
    (tmp_path / "secret.js").write_text("outside")
    return Assets(tmp_path / "built")


async def ask(assets: Assets, name: str, **headers: str) -> web.Response:
    """Ask for a file as the router does."""
    request = make_mocked_request(
        "GET", f"/assets/{name}", headers=headers, match_info={"name": name}
    )
    return await assets.give(request)


async def test_a_file_is_given_with_its_kind(assets: Assets) -> None:
    script, font = await ask(assets, "page.js"), await ask(assets, "deep/font.woff2")

    assert (script.content_type, script.body) == ("text/javascript", b"let a = 1;")
    assert (font.content_type, font.body) == ("font/woff2", b"font")


@pytest.mark.parametrize(
    ("takes", "given", "body"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip", "gzip", b"gzip"),
        ("identity", None, b"let a = 1;"),
        ("", None, b"let a = 1;"),
    ],
)
async def test_a_file_goes_packed_to_who_can_unpack_it(
    assets: Assets, takes: str, given: str | None, body: bytes
) -> None:
    answer = await ask(assets, "page.js", **{"Accept-Encoding": takes})

    assert (answer.headers.get("Content-Encoding"), answer.body) == (given, body)
    assert answer.headers["Vary"] == "Accept-Encoding"


async def test_a_file_that_is_packed_by_nature_goes_as_it_is(assets: Assets) -> None:
    font = await ask(assets, "deep/font.woff2", **{"Accept-Encoding": "gzip, br"})

    assert font.body == b"font"
    assert "Content-Encoding" not in font.headers


@pytest.mark.parametrize(
    "name",
    [
        "",
        "deep",
        "deep/",
        "../secret.js",
        "/page.js",
        "notes.txt",
        "page.js.gz",
        "page.js\0",
        "PAGE.JS",
    ],
)
async def test_any_other_name_is_not_found(assets: Assets, name: str) -> None:
    with pytest.raises(Refusal) as refusal:
        await ask(assets, name)

    assert refusal.value.code is Code.NOT_FOUND


async def test_a_file_that_appears_later_is_not_given(assets: Assets, tmp_path: Path) -> None:
    (tmp_path / "built" / "late.js").write_text("late")

    with pytest.raises(Refusal):
        await ask(assets, "late.js")


def test_every_file_that_the_build_makes_has_a_known_kind() -> None:
    made = [path for path in (BUILT / "assets").rglob("*") if path.is_file()]

    assert made
    assert {path.suffix for path in made} <= {*KINDS, *PACKED.values()}
