"""The contract between server and pages, from the declared routes and the wire's own types.

Writes `openapi.json` for whoever asks, and `web/src/shared/contract.gen.ts` for the pages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import inspect

from luisterlijn.accounts import wire as accounts_wire
from luisterlijn.attendance import wire as attendance_wire
from luisterlijn.chat import wire as chat_wire
from luisterlijn.coaching import wire as coaching_wire
from luisterlijn.dispatch import werkwijzer
from luisterlijn.dispatch import wire as dispatch_wire
from luisterlijn.edge.guard import Anyone, Face, Nothing
from luisterlijn.edge.problems import STATUS, Problem
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import Role
from luisterlijn.planner import wire as planner_wire
from luisterlijn.rostering import wire as rostering_wire
from luisterlijn.rostering import wire_feed as rostering_wire_feed
from luisterlijn.rostering import wire_own as rostering_wire_own
from luisterlijn.rostering import wire_plan as rostering_wire_plan
from luisterlijn.shiftroom import wire as shiftroom_wire
from luisterlijn.simulation import demo
from luisterlijn.telephony import wire as telephony_wire
from luisterlijn.volunteers import wire as volunteers_wire

if TYPE_CHECKING:
    from collections.abc import Iterable

    from luisterlijn.edge.guard import Route

ROOMS = (
    dispatch_wire,
    chat_wire,
    telephony_wire,
    coaching_wire,
    attendance_wire,
    accounts_wire,
    rostering_wire,
    rostering_wire_feed,
    shiftroom_wire,
    rostering_wire_own,
    rostering_wire_plan,
    volunteers_wire,
    planner_wire,
    werkwijzer,
    demo,
)
NAMED = {
    "Role": chat_wire.Role,
    "Language": chat_wire.Language,
    "Nature": dispatch_wire.Nature,
    "Topic": dispatch_wire.Topic,
    "Loneliness": dispatch_wire.Loneliness,
    "Age": dispatch_wire.Age,
    "Referred": dispatch_wire.Referred,
    "JoinRole": dispatch_wire.JoinRole,
    "JoinMode": dispatch_wire.JoinMode,
    "TrainingChannel": volunteers_wire.TrainingChannel,
    "TrainingStatus": volunteers_wire.TrainingStatus,
    "PaperState": volunteers_wire.PaperState,
    "GatheringKind": volunteers_wire.GatheringKind,
    "MessageAudience": volunteers_wire.MessageAudience,
    "ListWhat": volunteers_wire.ListWhat,
    "PersonRole": Literal[tuple(role.value for role in Role)],
    "RefusalCode": Literal[tuple(code.value for code in Code)],
}
HEAD = """\
// The contract between server and pages. Written by `luisterlijn contract`; do not edit.

/** 32 lower-case hexadecimal signs: 128 random bits. */
export type Id = string;
/** Milliseconds since 1970, UTC. */
export type Moment = number;
/** Binary on the socket. */
export type Bytes = Uint8Array<ArrayBuffer>;

"""
TAIL = """
/** What every event of a socket is answered with when it is refused. */
export interface Refused {
  ok: false;
  code: RefusalCode;
  retry_ms?: number;
}

export type Ack<T = object> = ({ ok: true } & T) | Refused;
"""
OPEN_ROLES = {"roles": "PersonRole[]"}


def typescript() -> str:
    """Give the pages' types."""
    aliases = [
        f"export type {name} =\n  | " + "\n  | ".join(f'"{each}"' for each in _values(literal))
        for name, literal in NAMED.items()
    ]
    interfaces = [_interface(each) for each in _structs()]
    return HEAD + ";\n".join(aliases) + ";\n\n" + "\n\n".join(interfaces) + "\n" + TAIL


def _structs() -> list[type]:
    found: dict[str, type] = {"Problem": Problem}
    for room in ROOMS:
        for name, value in vars(room).items():
            local = isinstance(value, type) and value.__module__ == room.__name__
            if local and issubclass(value, msgspec.Struct) and name != "Knock":
                found.setdefault(name, value)
    return list(found.values())


def _interface(struct: type) -> str:
    info = inspect.type_info(struct)
    if not isinstance(info, inspect.StructType):
        raise TypeError(struct)
    doc = (struct.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")
    fields = []
    for field in info.fields:
        name = field.encode_name
        fields.append(f"  {name}: {_shape(struct, name, field.type)};")
    body = "\n".join(fields)
    return f"/** {doc} */\nexport interface {struct.__name__} {{\n{body}\n}}"


def _shape(struct: type, name: str, kind: inspect.Type) -> str:
    if name in OPEN_ROLES and struct.__name__ == "Me":
        return OPEN_ROLES[name]
    if struct is Problem and name == "code":
        return "RefusalCode"
    text = _ts(kind)
    return text.replace("number", "Moment") if name.endswith("_at") else text


def _ts(kind: inspect.Type) -> str:
    match kind:
        case inspect.StrType(pattern=pattern):
            return "Id" if pattern and "{32}" in pattern else "string"
        case inspect.IntType() | inspect.FloatType():
            return "number"
        case inspect.BoolType():
            return "boolean"
        case inspect.NoneType():
            return "null"
        case inspect.BytesType():
            return "Bytes"
        case inspect.DateType():
            return "string"
        case inspect.LiteralType(values=values):
            return _named(tuple(str(each) for each in values))
        case inspect.ListType(item_type=item):
            inner = _ts(item)
            return f"({inner})[]" if " | " in inner else f"{inner}[]"
        case inspect.UnionType(types=types):
            return " | ".join(_ts(each) for each in types)
        case inspect.StructType(cls=cls):
            return cls.__name__
        case _:
            raise TypeError(f"no TypeScript for {kind}")


def _named(values: tuple[str, ...]) -> str:
    for name, literal in NAMED.items():
        if sorted(_values(literal)) == sorted(values):
            return name
    return " | ".join(f'"{each}"' for each in values)


def _values(literal: Any) -> tuple[str, ...]:
    return tuple(literal.__args__)


def openapi(routes: Iterable[Route]) -> bytes:
    """Give the OpenAPI 3.1 document of the declared routes."""
    routes = list(routes)
    bodies = [each for route in routes for each in (route.takes, route.gives) if each is not None]
    schemas, components = msgspec.json.schema_components(
        [Problem, *bodies], ref_template="#/components/schemas/{name}"
    )
    known = dict(zip([Problem, *bodies], schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, known)
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "luisterlijn", "version": "0.1.0", "license": {"name": "EUPL-1.2"}},
            "paths": paths,
            "components": {
                "schemas": components,
                "securitySchemes": {
                    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-session"}
                },
            },
        }
    )


def _operation(route: Route, known: dict[type, dict[str, Any]]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    if route.gives is not None:
        content = {"application/json": {"schema": known[route.gives]}}
        answers[str(route.status)] = {"description": "Done.", "content": content}
    else:
        answers[str(route.status)] = {"description": "Done."}
    for code in _refusals(route):
        status = str(STATUS.get(code, 409))
        kept = answers.setdefault(
            status,
            {
                "description": "",
                "content": {"application/problem+json": {"schema": known[Problem]}},
            },
        )
        kept["description"] = f"{kept['description']} {code.value}".strip()
    operation: dict[str, Any] = {
        "summary": route.summary,
        "description": f"Face: {route.face.value}. May: {_may(route)}.",
        "responses": answers,
        "parameters": [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            }
            for name in re.findall(r"{(\w+)}", route.path)
        ],
    }
    if route.may is not Anyone.ANYONE:
        operation["security"] = [{"session": []}]
    if route.takes is not None and route.takes is not Nothing:
        content = {"application/json": {"schema": known[route.takes]}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _refusals(route: Route) -> list[Code]:
    always = [Code.TRY_AGAIN]
    if route.takes is not None:
        always += [Code.BAD_REQUEST, Code.MESSAGE_TOO_LONG]
    if route.method != "GET":
        always.append(Code.BAD_ORIGIN)
    if route.may is not Anyone.ANYONE:
        always.append(Code.SIGNED_OUT)
    if isinstance(route.may, frozenset) or "{" in route.path or route.face is not Face.BOTH:
        always.append(Code.NOT_FOUND)
    return [*always, *route.refuses]


def _may(route: Route) -> str:
    if isinstance(route.may, Anyone):
        return route.may.value
    return ", ".join(sorted(role.value for role in route.may))
