"""The server's own pages: whole without a script, in two languages, with nothing from elsewhere."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import brotli
import pytest

from luisterlijn.edge.pages import LANGUAGES, SLUGS

if TYPE_CHECKING:
    from tests.support.served import Served

PATHS = tuple(
    (language, f"{'' if language == 'nl' else '/en'}{slug and '/' + slug}" or "/")
    for language in LANGUAGES
    for slug in ("", *SLUGS)
)


async def page(node: Served, path: str) -> str:
    """Give a public page's HTML."""
    answer = await node.ask("GET", path, host=node.public)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.body.decode()


@pytest.mark.parametrize(("language", "path"), PATHS)
async def test_every_page_is_whole_names_its_language_and_asks_no_other_site(
    node: Served, language: str, path: str
) -> None:
    html = await page(node, path)

    assert html.startswith("<!doctype html>")
    assert re.search(rf'<html lang="{language}"', html)
    assert re.search(r"<title>[^<]{5,}</title>", html)
    assert html.count("<h1") == 1
    loaded = re.findall(r'(?:src|data-src|<link[^>]*href)="([^"]+)"', html)
    assert all(each.startswith(("/", "data:")) for each in loaded)
    assert "{{" not in html


@pytest.mark.parametrize("path", ["/", "/en"])
async def test_the_first_screen_names_112_and_113_before_anything_to_press(
    node: Served, path: str
) -> None:
    html = (await page(node, path)).partition("<body")[2]

    assert html.index("112") < html.index("<form") if "<form" in html else "112" in html
    assert "tel:112" in html
    assert "113" in html


@pytest.mark.parametrize("path", ["/", "/en"])
async def test_every_plain_page_is_linked_from_the_first(node: Served, path: str) -> None:
    html = await page(node, path)
    root = "" if path == "/" else "/en"

    assert {f"{root}/{slug}" for slug in SLUGS} <= set(re.findall(r'href="([^"]+)"', html))


async def test_the_demo_is_marked_on_every_page(node: Served) -> None:
    for _language, path in PATHS:
        assert "demo" in (await page(node, path)).lower(), path


@pytest.mark.parametrize(
    ("takes", "given"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("", None)]
)
async def test_a_page_goes_small_over_a_slow_network(
    node: Served, takes: str, given: str | None
) -> None:
    answer = await node.ask("GET", "/kosten", host=node.public, headers={"Accept-Encoding": takes})

    assert answer.headers.get("Content-Encoding") == given
    assert answer.headers["Vary"] == "Accept-Encoding"
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[given](answer.body)
    assert unpacked.startswith(b"<!doctype html>")


async def test_a_page_that_there_is_not_is_not_found_in_either_language(node: Served) -> None:
    for path in ("/niets", "/en/niets", "/en/", "/kosten/", "/EN", "/fr", "//kosten"):
        answer = await node.ask("GET", path, host=node.public)
        assert (answer.status, answer.code) == (404, "not-found"), path
