"""Checked kinds of values that several tables of the settings share."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

LONGEST_S = 366 * 86_400.0
"""The longest duration that is taken for meant."""

_WITH_HOST = frozenset({"http", "https", "mqtt", "mqtts", "sftp"})


class Table(BaseModel):
    """A table of the file: nothing unknown in it, nothing that changes later, no number without an end."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def nearest(given: str, known: Iterable[str]) -> str:
    """`; did you mean …?` for the known name that resembles the given one, "" when none does."""
    alike = {name.lower(): name for name in known}
    found = difflib.get_close_matches(given.lower(), alike, n=1)
    return f"; did you mean {alike[found[0]]}?" if found else ""


def one_of(names: Iterable[str]) -> Callable[[str], str]:
    """A check that a text is one of these names; what it says of another one names the nearest."""
    known = tuple(names)

    def is_known(name: str) -> str:
        if name not in known:
            raise ValueError(f"must be one of {', '.join(known)}{nearest(name, known)}")
        return name

    return is_known


def _is_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        hint = nearest(name, available_timezones())
        raise ValueError(f"must be a time zone like Asia/Shanghai{hint}") from error
    return name


def _is_address(url: str) -> str:
    """An address is shown in many places; a password in it would be too."""
    parts = urlsplit(url)
    if parts.password:
        raise ValueError("must not hold a password: give username and password in [sources.options]")
    if url != url.strip():
        raise ValueError("must not begin or end with a space")
    if parts.scheme in _WITH_HOST and not parts.hostname:
        raise ValueError("must name a host, like http://10.20.0.5/api")
    try:
        _ = parts.port
    except ValueError as error:
        raise ValueError("must have a port between 0 and 65535, or none") from error
    return url


def _is_no_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("input should be a number of seconds")
    return value


ZoneName = Annotated[str, AfterValidator(_is_zone)]
Seconds = Annotated[float, BeforeValidator(_is_no_bool), Field(gt=0, le=LONGEST_S)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
Address = Annotated[str, AfterValidator(_is_address)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
