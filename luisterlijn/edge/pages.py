"""The server's own HTML: the public page with its first screen inlined, and the plain pages."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import brotli
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from luisterlijn.edge.house import BUILT, PAGES, texts

LANGUAGES = ("nl", "en")
QUALITY = 5
"""Brotli: 1 ms a page; the highest takes 40 for a twentieth less."""
SLUGS = ("wat-wij-bewaren", "kosten", "klacht-of-compliment", "toegankelijkheid", "veilig")


class NotBuilt(Exception):
    """The faces are not built; `make build` does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A built block that is inlined, with the hash that the policy allows."""

    text: str
    hash: str


def _block(name: str) -> Block:
    try:
        text = (BUILT / "public" / name).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise NotBuilt(name) from None
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Block(text=text, hash=f"sha256-{digest}")


class Pages:
    """Reads templates, texts and built files once, at the start.

    Raises:
        NotBuilt: a built file is missing.
    """

    def __init__(self, *, neutral_url: str, demo: bool) -> None:
        """Read everything; `neutral_url` is where "Snel weg" goes."""
        self.script = _block("first.js")
        self.style = _block("page.css")
        self.console = (BUILT / "console" / "index.html").read_bytes()
        manifest = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
        self._chat_src = "/" + manifest["chat"].lstrip("/")
        self._text = {
            "nl": texts("nl.toml")["visitor"],
            "en": texts("en.toml")["visitor"],
        }
        self._info = {language: texts(f"pages.{language}.toml") for language in LANGUAGES}
        self._duty = {lang: texts(f"volunteer.{lang}.toml")["dienst"] for lang in LANGUAGES}
        self._numbers = texts("noodnummers.toml")["numbers"]
        self._neutral_url = neutral_url
        self._demo = demo
        self._jinja = Environment(
            loader=FileSystemLoader(PAGES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def chat(
        self,
        request: web.Request,
        language: str,
        line: dict[str, Any],
        next_opening: str | None,
    ) -> web.Response:
        """Give the public page.

        Args:
            request: says which encodings the browser reads.
            language: nl or en.
            line: what `GET /line` answers.
            next_opening: when the chat opens, in words; None when open or not known.
        """
        html = self._render("page.html", language, line=line, next_opening=next_opening)
        return compressed(request, html)

    def info(self, request: web.Request, language: str, slug: str) -> web.Response:
        """Give one of the plain pages."""
        page = self._info[language][slug]
        html = self._render("info.html", language, title=page["title"], blocks=page["blocks"])
        return compressed(request, html)

    def duty(self, request: web.Request, language: str, state: str, hours: str) -> web.Response:
        """Give the page behind a reminder, for a volunteer.

        Args:
            request: says which encodings the browser reads.
            language: nl or en.
            state: asked (with two buttons), yes, no, or gone: the link does nothing any more.
            hours: of the shift, in words; empty when gone.
        """
        html = self._jinja.get_template("dienst.html").render(
            lang=language,
            text=self._duty[language],
            css=self.style.text,
            state=state,
            hours=hours,
            demo=self._text[language]["demo"] if self._demo else "",
        )
        response = compressed(request, html)
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src '{self.style.hash}'; img-src 'self';"
            " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        # With no referrer at all a browser would not say which site the press comes from.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def _render(self, template: str, language: str, **values: Any) -> str:
        return self._jinja.get_template(template).render(
            lang=language,
            text=self._text[language],
            css=self.style.text,
            js=self.script.text,
            chat_src=self._chat_src,
            neutral_url=self._neutral_url,
            demo=self._demo,
            numbers=self._numbers,
            **values,
        )


def compressed(request: web.Request, html: str) -> web.Response:
    """Answer a page, small for a slow network. It holds no secret that its size could tell."""
    accepted = request.headers.get("Accept-Encoding", "")
    body, encoding = html.encode(), None
    if "br" in accepted:
        body, encoding = brotli.compress(body, quality=QUALITY), "br"
    elif "gzip" in accepted:
        body, encoding = gzip.compress(body), "gzip"
    response = web.Response(body=body, content_type="text/html", charset="utf-8")
    response.headers["Vary"] = "Accept-Encoding"
    if encoding is not None:
        response.headers["Content-Encoding"] = encoding
    return response
