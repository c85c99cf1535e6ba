"""What of an upstream's reply must not be shown to people: what opens a system, and who somebody is."""

from __future__ import annotations

import re

from situation.settings import is_secret

_SECRET_NAME = re.compile(
    r"pwd|passw|passcode|密码|口令|cookie|authori[sz]ation|^sign$|signature|session|private_?key", re.IGNORECASE
)
_PERSON_NAME = re.compile(
    r"(person|user|staff|officer|owner|reporter|contact|first|last|real|nick)_?name|^xm$|姓名|联系人|上报人|负责人"
    r"|account_id|^author$",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"(?<=://)[^/\s]+@")
_PARAMETER = re.compile(r"(?<=[?&])([^=&\s]+)=([^&\s#]+)")


def may_be_secret(name: str) -> bool:
    """Whether what an upstream keeps under this name may open a system."""
    return is_secret((name,)) or bool(_SECRET_NAME.search(name))


def may_name_a_person(name: str) -> bool:
    """Whether what an upstream keeps under this name may be who somebody is."""
    return bool(_PERSON_NAME.search(name))


def without_logins(text: str) -> str:
    """The text without what opens a system in its addresses: `user:password@`, and parameters such as `token`."""
    text = _LOGIN.sub("***@", text)
    return _PARAMETER.sub(lambda found: f"{found[1]}=***" if may_be_secret(found[1]) else found[0], text)
