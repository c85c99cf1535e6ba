"""Systems that are recognised by what they answer at their usual addresses. Only GET, and nothing that acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from datasources.cap.elements import local
from datasources.contract import SourceDataError
from datasources.decode import decode_json, decode_xml
from datasources.http import Reply
from datasources.warnings_json.presets.cma import by_area

_CAP = b"urn:oasis:names:tc:emergency:cap"


@dataclass(frozen=True, slots=True)
class Seen:
    """One reply, read as JSON and as XML where it is that."""

    reply: Reply
    document: Any = None
    root: Element | None = None

    @classmethod
    def of(cls, reply: Reply) -> Seen:
        """Read a reply; what can't be read stays None."""
        head = reply.body.lstrip()[:1]
        try:
            if head == b"<":
                return cls(reply, root=decode_xml(reply.body))
            return cls(reply, document=decode_json(reply.body, reply.headers.get("Content-Type", "")))
        except SourceDataError:
            return cls(reply)

    @property
    def tag(self) -> str:
        """The local name of the XML root; "" when it is no XML."""
        return "" if self.root is None else local(self.root)

    def has(self, *keys: str) -> bool:
        """Whether it is an object with all these keys."""
        return isinstance(self.document, dict) and all(key in self.document for key in keys)

    def rows(self, key: str = "") -> Sequence[Any]:
        """The list it is, or that stands at a key; empty when there is none."""
        found = self.document
        if key:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, list) else ()


@dataclass(frozen=True, slots=True)
class Standard:
    """One kind of system. `paths` are asked below the address ("" is the address itself).

    `ends` are ends of an address that its block leaves away. `options` are lines that its block may have, `needed`
    those that it must. `is_faint`: many other systems refuse a stranger in its very words, so that such a refusal says
    nothing where the address itself is refused.
    """

    kind: str
    what: str
    paths: tuple[str, ...]
    is_it: Callable[[Seen], bool]
    ends: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    is_faint: bool = False

    def base(self, url: str) -> str:
        """The address that the block names."""
        plain = url.partition("?")[0].rstrip("/")
        end = next((end for end in self.ends if plain.endswith(f"/{end}")), "")
        return plain.removesuffix(f"/{end}") if end else url


def _has_key(rows: Sequence[Any], key: str) -> bool:
    return bool(rows) and isinstance(rows[0], dict) and key in rows[0]


def _is_sensorthings(seen: Seen) -> bool:
    rows = seen.rows("value")
    names = {row.get("name") for row in rows if isinstance(row, dict)}
    return {"Things", "Datastreams"} <= names or _has_key(rows, "@iot.id")


def _is_go2rtc(seen: Seen) -> bool:
    streams = seen.document if isinstance(seen.document, dict) else {}
    return bool(streams) and all(isinstance(each, dict) and "producers" in each for each in streams.values())


def _is_open311(seen: Seen) -> bool:
    return _has_key(seen.rows(), "service_code") or seen.tag in ("services", "service_requests", "requests")


def _is_zoneminder(seen: Seen) -> bool:
    refusal = seen.document.get("data") if isinstance(seen.document, dict) else None
    is_refused = isinstance(refusal, dict) and refusal.get("name") == "Not Authenticated"
    return seen.has("version", "apiversion") or is_refused


def _is_nws(seen: Seen) -> bool:
    features = seen.rows("features")
    said = features[0].get("properties") if features and isinstance(features[0], dict) else None
    return isinstance(said, dict) and {"areaDesc", "event", "sent"} <= set(said)


def _is_cma(seen: Seen) -> bool:
    areas = by_area(seen.document) or {}
    rows = [row for listed in areas.values() if isinstance(listed, list) for row in listed]
    return bool(rows) and isinstance(rows[0], dict) and {"type", "issued"} <= set(rows[0])


_LOGIN = ('username = "onescreen"', 'password = "${%s_PASSWORD}"')

STANDARDS: tuple[Standard, ...] = (
    Standard(
        "sensorthings",
        "OGC SensorThings",
        ("", "v1.1/", "v1.1/Things?$top=1", "Things?$top=1"),
        _is_sensorthings,
        ends=("v1.1/Things", "v1.1"),
        options=(
            'sensor_kind = ""         # what its sensors are, where they do not say: river_level, underpass_water …',
        ),
    ),
    Standard(
        "wvp",
        "WVP-GB28181",
        ("api/device/query/devices?page=1&count=1",),
        lambda seen: seen.has("code", "msg"),
        ends=("api/device/query/devices",),
        options=('api_key = "${%s_KEY}"     # or username and password',),
        is_faint=True,
    ),
    Standard(
        "open311",
        "Open311 GeoReport",
        ("", "services.json", "requests.json?page_size=1"),
        _is_open311,
        ends=("requests.json", "services.json", "requests.xml", "services.xml"),
    ),
    Standard(
        "cap",
        "CAP warnings",
        ("", "api/cap/rss.xml", "feed.atom", "rss.xml"),
        lambda seen: (
            seen.tag in ("alert", "alerts", "EDXLDistribution")
            or (seen.tag in ("feed", "rss", "RDF") and (_CAP in seen.reply.body or b"cap" in seen.reply.body.lower()))
        ),
    ),
    Standard(
        "warnings_json",
        "QWeather warnings",
        ("", "v7/warning/now"),
        lambda seen: seen.has("code", "warning"),
        options=('api_key = "${%s_KEY}"',),
        needed=('preset = "qweather"',),
    ),
    Standard(
        "warnings_json",
        "QWeather warnings, newer edition",
        ("",),
        lambda seen: seen.has("metadata", "alerts"),
        options=('api_key = "${%s_KEY}"',),
        needed=('preset = "qweather-v1"',),
    ),
    Standard("warnings_json", "warnings of the US weather service", ("",), _is_nws, needed=('preset = "nws"',)),
    Standard(
        "warnings_json",
        "China's warnings by adcode",
        ("",),
        _is_cma,
        needed=(
            'preset = "cma"',
            'areas = ["ADCODE"]   # adcodes, or how they begin: your district and its city',
        ),
    ),
    Standard(
        "weather",
        "QWeather-shaped weather",
        ("", "v7/weather/now"),
        lambda seen: seen.has("code", "now"),
        ends=("v7/weather/now",),
        options=('api_key = "${%s_KEY}"',),
    ),
    Standard(
        "zoneminder",
        "ZoneMinder",
        ("api/host/getVersion.json", "zm/api/host/getVersion.json"),
        _is_zoneminder,
        ends=("api/host/getVersion.json",),
        options=_LOGIN,
    ),
    Standard("go2rtc", "go2rtc", ("", "api/streams"), _is_go2rtc, ends=("api/streams",)),
    Standard(
        "mediamtx",
        "MediaMTX",
        ("", "v3/paths/list"),
        lambda seen: seen.has("itemCount", "pageCount", "items"),
        ends=("v3/paths/list",),
    ),
    Standard(
        "frigate", "Frigate", ("api/config",), lambda seen: seen.has("cameras", "mqtt"), ends=("api/config", "api")
    ),
    Standard(
        "node_media_server",
        "Node-Media-Server",
        ("api/v1/streams",),
        lambda seen: seen.has("success"),
        ends=("api/v1/streams",),
        options=_LOGIN,
    ),
    Standard("nginx_rtmp", "nginx with its RTMP module", ("", "stat"), lambda seen: seen.tag == "rtmp", ends=("stat",)),
    Standard(
        "ngsi",
        "NGSI context broker",
        ("ngsi-ld/v1/types", "v2"),
        lambda seen: seen.has("entities_url") or (seen.has("type") and seen.document["type"] == "EntityTypeList"),
        ends=("ngsi-ld/v1", "v2"),
    ),
    Standard("basemap", "an index of base map layers", ("", "index.json"), lambda seen: _is_layer_index(seen)),
)


ONVIF = Standard("onvif", "An ONVIF device", (), lambda seen: False, ends=("onvif/device_service",), options=_LOGIN)
"""Asked by POST, so not in the table."""


def _is_layer_index(seen: Seen) -> bool:
    return _has_key(seen.rows("layers"), "url")


def recognised(seen: Seen, path: str) -> Standard | None:
    """The standard that this reply, had at this path below the address, belongs to."""
    return next((each for each in STANDARDS if path in each.paths and each.is_it(seen)), None)


def paths_to_ask() -> tuple[str, ...]:
    """Every usual address, each once, in the order of the table."""
    return tuple(dict.fromkeys(path for standard in STANDARDS for path in standard.paths if path))


def is_web(url: str) -> bool:
    """Whether an address can be looked at by GET."""
    return urlsplit(url).scheme in ("http", "https")
