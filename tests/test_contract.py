"""The contract between server and pages is made of what is declared, and nothing is left out."""

from __future__ import annotations

import dataclasses
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from luisterlijn import contract
from luisterlijn.edge.guard import ANYONE, Nothing
from luisterlijn.edge.house import HOUSE
from luisterlijn.edge.problems import PROBLEM, STATUS
from luisterlijn.kernel.errors import Code
from tests.support.routes import declared
from tests.support.served import served

if TYPE_CHECKING:
    from luisterlijn.edge.guard import Route
    from tests.support.house import TestHouse

GENERATED = HOUSE / "web" / "src" / "shared" / "contract.gen.ts"


@pytest.fixture
def routes(built: TestHouse) -> list[Route]:
    return declared(built.house)


@pytest.fixture
def document(routes: list[Route]) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(contract.openapi(routes))
    return found


def test_the_pages_types_are_fresh() -> None:
    assert GENERATED.read_text(encoding="utf-8") == contract.typescript()


def test_every_struct_of_the_wire_has_a_type_and_every_named_type_is_defined() -> None:
    text = contract.typescript()
    defined = re.findall(r"^export (?:interface|type) (\w+)", text, re.MULTILINE)
    own = {
        name
        for room in contract.ROOMS
        for name, value in vars(room).items()
        if isinstance(value, type)
        and issubclass(value, msgspec.Struct)
        and value.__module__ == room.__name__
    }

    assert len(defined) == len(set(defined))
    assert own - {"Knock"} <= set(defined)
    words = set(re.findall(r"^  \w+: (.+);$", text, re.MULTILINE))
    used = {word for line in words for word in re.findall(r"\b[A-Z]\w+", line)}
    assert used <= {*defined, "Uint8Array", "ArrayBuffer"}


def test_every_code_and_every_moment_is_typed() -> None:
    text = contract.typescript()

    assert all(f'"{code.value}"' in text for code in Code)
    assert not re.search(r"_at: number", text)
    assert "unknown" not in re.sub(r'"unknown"', "", text)
    assert "any" not in re.findall(r"\bany\b", text)


def test_every_declared_route_stands_in_the_document_once(
    routes: list[Route], document: dict[str, Any]
) -> None:
    described = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
    }

    assert document["openapi"] == "3.1.0"
    assert described == {(route.method, route.path) for route in routes}
    assert len(routes) == len(described)


def test_every_operation_has_a_summary_a_permission_its_ids_and_its_refusals(
    routes: list[Route], document: dict[str, Any]
) -> None:
    for route in routes:
        operation = document["paths"][route.path][route.method.lower()]
        told = (route.method, route.path)
        assert operation["summary"].endswith("."), told
        assert ("security" in operation) == (route.may is not ANYONE), told
        ids = [each["name"] for each in operation["parameters"] if each["in"] == "path"]
        assert ids == re.findall(r"{(\w+)}", route.path), told
        assert all(each["required"] for each in operation["parameters"] if each["in"] == "path")
        takes = route.takes not in (None, Nothing)
        assert ("requestBody" in operation) == takes, told
        assert {int(status) for status in operation["responses"]} <= {*HTTPStatus}, told
        for code in route.refuses:
            answer = operation["responses"][str(STATUS.get(code, 409))]
            assert code.value in answer["description"], told
            assert PROBLEM in answer["content"], told


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    found = re.findall(
        r'"\$ref":"#/components/schemas/(\w+)"', msgspec.json.encode(document).decode()
    )

    assert found
    assert set(found) <= set(document["components"]["schemas"])


def test_what_is_taken_is_closed(routes: list[Route], document: dict[str, Any]) -> None:
    taken = {route.takes.__name__ for route in routes if route.takes not in (None, Nothing)}

    for name in taken:
        assert document["components"]["schemas"][name]["additionalProperties"] is False, name


async def test_the_node_gives_the_document_of_its_own_routes(
    built: TestHouse, document: dict[str, Any]
) -> None:
    async with served(built) as node:
        answer = await node.ask("GET", "/openapi.json")

    assert answer.json() == document


def test_outside_the_demo_no_route_of_the_demo_is_declared(built: TestHouse) -> None:
    assert any(route.path.startswith("/demo") for route in declared(built.house))

    built.house.settings = dataclasses.replace(built.house.settings, demo=False)

    assert not any(route.path.startswith("/demo") for route in declared(built.house))
