"""The words of TwiML, as Twilio's own library has them: it takes any keyword, Twilio does not."""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from twilio.twiml import TwiML, voice_response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Words = dict[tuple[str, str], frozenset[str]]


@cache
def vocabulary() -> Words:
    """Give what may stand in what, with which attributes: (parent, child) → attributes.

    Each method of each class of the library is called once with every parameter it names, and what
    it wrote is read back.
    """
    found: Words = {}
    todo: list[tuple[type[Any], str]] = [(voice_response.VoiceResponse, "Response")]
    while todo:
        owner, tag = todo.pop()
        for name, method in _methods(owner):
            made, written = _called(owner, name, method)
            if (tag, written.tag) not in found:
                found[tag, written.tag] = frozenset(written.attrib)
                todo.append((made, written.tag))
    return found


def _methods(owner: type[Any]) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, method in inspect.getmembers(owner, inspect.isfunction):
        if not name.startswith("_") and name not in vars(TwiML):
            yield name, method


def _called(
    owner: type[Any], name: str, method: Callable[..., Any]
) -> tuple[type[Any], ET.Element]:
    parent = owner()
    parameters = list(inspect.signature(method).parameters.values())[1:]
    named = {each.name: "x" for each in parameters if each.kind is not each.VAR_KEYWORD}
    made = getattr(parent, name)(**named)
    return type(made), ET.fromstring(str(parent))[0]  # noqa: S314 - the library wrote it


def unknown(document: str | bytes) -> list[str]:
    """Name what Twilio would not know in a document, or drop without a word."""
    root = ET.fromstring(document)  # noqa: S314 - our own
    return list(_unknown(root)) if root.tag == "Response" else [root.tag]


def _unknown(parent: ET.Element) -> Iterator[str]:
    for child in parent:
        known = vocabulary().get((parent.tag, child.tag))
        if known is None:
            yield f"{child.tag} in {parent.tag}"
            continue
        yield from (f"{each} of {child.tag}" for each in child.attrib if each not in known)
        yield from _unknown(child)
