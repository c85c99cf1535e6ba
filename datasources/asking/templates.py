"""Templates: `{since}`, `{now-1h:%Y-%m-%d}`, `{page}` … inside addresses, queries, headers and bodies.

A time is ISO 8601 in UTC, or as its format says: `strftime` codes (in the source's zone), `epoch`, `epoch_ms`; it may
be moved by `+` or `-` and a number of `s`, `m`, `h` or `d`. Text may be changed by `md5`, `sha1`, `sha256`, `base64`,
`upper`, `lower`. A part whose placeholders all have no value is left out.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from datasources.fields import zone as zone_named
from datasources.secrets import reveal
from situation.settings import Secret

Values = Mapping[str, Any]
"""What placeholders stand for; None: there is nothing to say."""

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?:([+-]\d{1,6})([smhd]))?(?::([^{}]{1,60}))?\}")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _hashed(name: str) -> Callable[[str], str]:
    return lambda text: hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


_CHANGES: Mapping[str, Callable[[str], str]] = {
    "md5": _hashed("md5"),
    "sha1": _hashed("sha1"),
    "sha256": _hashed("sha256"),
    "base64": lambda text: base64.b64encode(text.encode()).decode("ascii"),
    "upper": str.upper,
    "lower": str.lower,
    "s": str,
}


def fill(template: Any, values: Values, zone: str | None = None) -> Any:
    """The template (text, or a table or list of them) with its values; None where there is nothing to say.

    Text that is one placeholder and nothing else keeps the type of its value: JSON has numbers where they belong.
    """
    if isinstance(template, Secret):
        return reveal(template)
    if isinstance(template, str):
        return _filled(template, values, zone_named(zone))
    if isinstance(template, Mapping):
        pairs = ((name, fill(part, values, zone)) for name, part in template.items())
        return {name: part for name, part in pairs if part is not None}
    if isinstance(template, (list, tuple)):
        return [part for part in (fill(each, values, zone) for each in template) if part is not None]
    return template


def texts(template: Mapping[str, Any], values: Values, zone: str | None = None) -> dict[str, str]:
    """A table of templates as names and texts."""
    return {name: _as_text(part) for name, part in fill(template, values, zone).items()}


def pairs(template: Mapping[str, Any], values: Values, zone: str | None = None) -> tuple[tuple[str, str], ...]:
    """The same for queries, where a name may be said several times: once for each part of a list."""
    filled = fill(template, values, zone)
    several = ((name, part if isinstance(part, list) else [part]) for name, part in filled.items())
    return tuple((name, _as_text(each)) for name, parts in several for each in parts)


def placeholders(template: Any) -> Iterator[str]:
    """Every name in a template that is meant to be filled in."""
    if isinstance(template, str):
        yield from (found.group(1) for found in _PLACEHOLDER.finditer(template))
    elif isinstance(template, Mapping):
        for part in template.values():
            yield from placeholders(part)
    elif isinstance(template, (list, tuple)):
        for part in template:
            yield from placeholders(part)


def _filled(template: str, values: Values, zone: ZoneInfo) -> Any:
    found = [match for match in _PLACEHOLDER.finditer(template) if match.group(1) in values]
    if not found:
        return template
    said = [_said(match, values, zone) for match in found]
    if all(part is None for part in said):
        return None
    if len(found) == 1 and found[0].group(0) == template:
        return said[0]
    parts, at = [], 0
    for match, part in zip(found, said, strict=True):
        parts += [template[at : match.start()], "" if part is None else _as_text(part)]
        at = match.end()
    return "".join([*parts, template[at:]])


def _said(match: re.Match[str], values: Values, zone: ZoneInfo) -> Any:
    name, move, unit, form = match.groups()
    value = values[name]
    if isinstance(value, datetime):
        if move:
            value += timedelta(seconds=int(move) * _SECONDS[unit])
        return _time(value, form, zone)
    if value is None or not form:
        return value
    return _CHANGES.get(form, str)(_as_text(value))


def _time(value: datetime, form: str | None, zone: ZoneInfo) -> str | int:
    if form in ("epoch", "epoch_ms"):
        return int(value.timestamp() * (1000 if form == "epoch_ms" else 1))
    if form:
        return value.astimezone(zone).strftime(form)
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
