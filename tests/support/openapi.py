"""Twilio's own description of its API: requests and answers are held against it."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jsonschema_path import SchemaPath
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import ImmutableMultiDict

from luisterlijn.edge.house import HOUSE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = HOUSE / "web/node_modules/@twilio/cli-core/src/services/twilio-api"
FILES = {
    "2010-04-01": "twilio_api_v2010.json",
    "v1": "twilio_events_v1.json",
    "v2": "twilio_routes_v2.json",
}
"""The first word of a path → the description that has it, of those we use."""
ERROR = {"code", "message", "status", "more_info"}


class Asked:
    """A request in the words of openapi-core."""

    def __init__(self, method: str, path: str, form: Mapping[str, str]) -> None:
        """Keep what was asked; `path` from `/2010-04-01` on."""
        self.host_url = host(path)
        self.path = path
        self.method = method.lower()
        reads = method == "GET"
        self.parameters = RequestParameters(query=ImmutableMultiDict(form if reads else {}))
        self.content_type = "application/x-www-form-urlencoded"
        self.body = None if reads or not form else urlencode(form).encode()


class Answered:
    """An answer in the words of openapi-core."""

    def __init__(self, status: int, body: object) -> None:
        """Keep what was answered."""
        self.status_code = status
        self.headers: dict[str, str] = {}
        self.content_type = "application/json"
        self.data = json.dumps(body).encode() if body else None


@cache
def document(file: str) -> dict[str, Any]:
    """Read a description; it comes with the pages' own packages."""
    path = FOLDER / file
    if not path.exists():
        raise FileNotFoundError("run `make build` first: it brings Twilio's API description")
    read: dict[str, Any] = json.loads(path.read_bytes())
    read.pop("security", None)
    for item in read["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)  # who asks is not what is checked here
    return read


def host(path: str) -> str:
    """Give the address on which Twilio has a path."""
    servers = document(_file(path))["servers"]
    return str(servers[0]["url"])


@cache
def described(file: str) -> OpenAPI:
    """Give what checks requests and answers."""
    return OpenAPI(SchemaPath.from_dict(document(file)))


def check(method: str, path: str, form: Mapping[str, str], status: int, body: object) -> None:
    """Fail unless question and answer are what Twilio describes."""
    check_question(method, path, form)
    check_answer(method, path, form, status, body)


def check_question(method: str, path: str, form: Mapping[str, str]) -> None:
    """Fail unless Twilio knows this question, and each field of it: it drops others silently."""
    operation = operation_of(method, path)
    unknown = set(form) - set(fields(operation))
    assert not unknown, (operation["operationId"], unknown)
    described(_file(path)).validate_request(Asked(method, path, form))


def check_answer(
    method: str, path: str, form: Mapping[str, str], status: int, body: object
) -> None:
    """Fail unless Twilio could answer this; errors have a shape of their own."""
    if status >= 400:
        assert isinstance(body, dict)
        assert set(body) == ERROR
        assert body["status"] == status
        return
    described(_file(path)).validate_response(Asked(method, path, form), Answered(status, body))
    answers = operation_of(method, path)["responses"][str(status)].get("content", {})
    for media in answers.values():
        unknown = set(_unknown(media["schema"], body, _file(path)))
        assert not unknown, (method, path, unknown)


def operation_of(method: str, path: str) -> dict[str, Any]:
    """Give the described operation that a request is."""
    parts = path.strip("/").split("/")
    for pattern, item in document(_file(path))["paths"].items():
        wanted = pattern.strip("/").split("/")
        if len(wanted) == len(parts) and all(map(_fits, wanted, parts)) and method.lower() in item:
            found: dict[str, Any] = item[method.lower()]
            return found
    raise AssertionError(f"Twilio has no {method} {path}")


def fields(operation: Mapping[str, Any]) -> Iterator[str]:
    """Give every field that an operation knows, in the query or the form."""
    for each in operation.get("parameters", ()):
        if each["in"] == "query":
            yield each["name"]
    for media in operation.get("requestBody", {}).get("content", {}).values():
        yield from media["schema"].get("properties", ())


def _unknown(schema: Mapping[str, Any], body: object, file: str) -> Iterator[str]:
    while "$ref" in schema:
        schema = document(file)["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    known = schema.get("properties")
    if isinstance(body, dict) and known:
        for name, value in body.items():
            if name in known:
                yield from _unknown(known[name], value, file)
            else:
                yield name
    elif isinstance(body, list) and "items" in schema:
        for each in body:
            yield from _unknown(schema["items"], each, file)


def _file(path: str) -> str:
    return FILES[path.strip("/").split("/")[0]]


def _fits(pattern: str, part: str) -> bool:
    if "{" not in pattern:
        return pattern == part
    return pattern.endswith(".json") == part.endswith(".json")
