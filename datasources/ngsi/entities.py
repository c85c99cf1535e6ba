"""Entities of a context broker to plain rows: NGSIv2 and NGSI-LD, normalised, concise or key-value.

A row has each attribute's value under its (short) name, and besides `lon`, `lat`, `observed_at` (the newest time it
tells), `changed_at` (when the broker last wrote the entity), `address_text`, and of each attribute its own time (`@at`)
and when the broker last wrote it (`@changed`). The formats: ETSI GS CIM 009 §4.5 and §4.8, FIWARE-NGSI v2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from datasources.fields import clean, number
from datasources.geometry import middle_of
from datasources.ngsi.units import converted

_META = frozenset({"id", "type", "@context", "scope", "@id", "@type"})
_HOLDS = ("value", "object", "languageMap", "vocab", "json", "valueList", "objectList")
_TIMES = ("observedAt", "TimeInstant", "dateObserved", "timestamp")
_CHANGED = ("modifiedAt", "dateModified")
"""When the broker wrote it, by its own clock: no observation, whoever corrects a name changes the entity too."""
_UNIT = ("unitCode",)
OF_ENTITY = ("dateObserved", "TimeInstant", "observedAt")
"""Attributes that date the observations of a whole entity, the best first."""

_LANGUAGES = ("zh", "zh-CN", "zh-Hans", "en")
_ADDRESS_PARTS = ("addressRegion", "addressLocality", "district", "streetAddress", "streetNr")


@dataclass(frozen=True, slots=True)
class _Told:
    """What an attribute tells; times as the broker wrote them."""

    value: Any
    at: Any = None
    changed_at: Any = None
    unit_code: str = ""


def row_of(entity: Any, units: Mapping[str, str] = MappingProxyType({})) -> Any:
    """The row of an entity; what is no object stays as it is, to be rejected by its reader.

    `units`: attribute → the unit that its value is wanted in, where the entity tells another one.
    """
    if not isinstance(entity, Mapping):
        return entity
    row: dict[str, Any] = {"id": entity.get("id", entity.get("@id")), "type": entity.get("type", entity.get("@type"))}
    told = {_short(name): _told(attribute) for name, attribute in entity.items() if name not in _META}
    row |= {name: converted(each.value, each.unit_code, units.get(name, "")) for name, each in told.items()}
    row["@at"] = {name: each.at for name, each in told.items() if each.at is not None}
    row["@changed"] = {name: each.changed_at for name, each in told.items() if each.changed_at is not None}
    row["observed_at"] = _first(row, OF_ENTITY) or max((str(at) for at in row["@at"].values()), default=None)
    row["changed_at"] = _first(row, _CHANGED)
    row["location"] = _point(row.get("location"))
    row["lon"], row["lat"] = middle_of(row.get("location"))
    row["address_text"] = _address(row.get("address"))
    return row


def geometry_of(row: Any) -> Any:
    """The GeoJSON geometry of a row, None where it has none."""
    location = row.get("location") if isinstance(row, Mapping) else None
    return location if isinstance(location, Mapping) and "coordinates" in location else None


def _told(attribute: Any) -> _Told:
    if isinstance(attribute, list) and attribute and all(_is_wrapped(each) for each in attribute):
        # several values of one attribute (datasetId): the one without a name is the plain one
        attribute = next((each for each in attribute if "datasetId" not in each), attribute[0])
    if not _is_wrapped(attribute):
        return _Told(_plain(attribute))
    value = next((attribute[name] for name in _HOLDS if name in attribute), None)
    if "languageMap" in attribute and isinstance(value, Mapping):
        value = _first(value, _LANGUAGES) or next(iter(value.values()), None)
    metadata = attribute.get("metadata")
    known = metadata if isinstance(metadata, Mapping) else {}
    at, changed_at, code = (
        _plain(_first(attribute, names) or _told_in(known, names)) for names in (_TIMES, _CHANGED, _UNIT)
    )
    return _Told(_point_text(attribute, _plain(value)), at, changed_at, str(code or ""))


def _is_wrapped(attribute: Any) -> bool:
    """Whether it is an attribute with its value inside, and not an object that is the value itself."""
    if not isinstance(attribute, Mapping) or not any(name in attribute for name in _HOLDS):
        return False
    return "type" in attribute or len(attribute) == 1 or any(name in attribute for name in (*_TIMES, *_CHANGED, *_UNIT))


def _plain(value: Any) -> Any:
    """A typed JSON-LD value (`{"@type": "DateTime", "@value": …}`) as what it holds."""
    return value.get("@value", value) if isinstance(value, Mapping) else value


def _point_text(attribute: Mapping[str, Any], value: Any) -> Any:
    return _point(value) if attribute.get("type") == "geo:point" else value


def _point(value: Any) -> Any:
    """NGSIv2's `geo:point` is text, latitude first; key-value pairs don't say that a text is one."""
    lat, _, lon = value.partition(",") if isinstance(value, str) else ("", "", "")
    if number(lat) is None or number(lon) is None:
        return value
    return {"type": "Point", "coordinates": [number(lon), number(lat)]}


def _told_in(metadata: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    found = _first(metadata, names)
    return found.get("value") if isinstance(found, Mapping) else found


def _first(table: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((table[name] for name in names if table.get(name) not in (None, "")), None)


def _address(address: Any) -> str:
    if not isinstance(address, Mapping):
        return clean(address)
    return " ".join(part for part in (clean(address.get(name)) for name in _ADDRESS_PARTS) if part)


def _short(name: str) -> str:
    """The last part of a name that the broker expanded, because it was not told the @context."""
    return name.rstrip("/#").replace("#", "/").rpartition("/")[2] if "://" in name else name
