"""One sealed line that is kept: what these tests and the browser's open is the same thing."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from luisterlijn.edge.house import HOUSE
from luisterlijn.privacy.endtoend import MemberKeys
from luisterlijn.privacy.redaction import Secret
from tests.support.shiftroom import opened

KEPT: dict[str, Any] = json.loads(
    (HOUSE / "tests" / "vectors" / "shift_room.json").read_text("utf-8")
)


def test_the_line_that_the_browser_opens_too_is_opened() -> None:
    private = ec.derive_private_key(int(KEPT["private_key"], 16), ec.SECP256R1())
    keys = MemberKeys(Secret(private), bytes.fromhex(KEPT["public_key"]))

    assert opened(KEPT, keys) == KEPT["text"]
