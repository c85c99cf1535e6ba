"""How a reply says in its body that it is a good one: `{"code": 200, "msg": "success"}` and the like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_CODE = re.compile(r"^((err|error|ret|return|result|resp|rsp)?_?code|errno|status|success|ok)$", re.IGNORECASE)
_WORDS = re.compile(r"^((err|error|ret|result|resp)?_?(msg|message)|info|desc|error)$", re.IGNORECASE)
_GOOD = re.compile(r"^(0+|1|200|20000|true|ok|success)$", re.IGNORECASE)
"""What a good reply says, whatever type it is."""


def said_ok(document: Any) -> Mapping[str, Any]:
    """The options `ok` for a reply that holds rows; empty where it says nothing of itself."""
    if not isinstance(document, Mapping):
        return {}
    code = next((key for key, value in document.items() if _CODE.match(key) and _is_good(value)), "")
    if not code:
        return {}
    words = next((key for key, value in document.items() if _WORDS.match(key) and isinstance(value, str)), "")
    return {"path": code, "equals": [document[code]]} | ({"message": words} if words else {})


def _is_good(value: Any) -> bool:
    return isinstance(value, bool | int | str) and _GOOD.match(str(value)) is not None
