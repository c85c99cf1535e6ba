"""`/api/v1/exposure.{csv,xlsx,geojson}?warning=<id>`: every place and unit grid in a warned area, as a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from fastapi import Query as Parameter
from fastapi.responses import Response, StreamingResponse

from callbacks.exports.table import Export, Item
from callbacks.reading import reader_of
from callbacks.routes.exports import FORMATS, Language
from callbacks.services import Services
from layouts.columns import Cell, Column, Reader
from layouts.text import say
from situation.live import Moment
from situation.panels.warnings import ordered_warnings
from situation.panels.weather.exposure import KINDS, exposed, underpasses
from situation.panels.weather.gauges import CLOSED, Gauge
from situation.plain import to_plain
from situation.records import Area, AreaKind, Place, PlacedRecord, Record, WeatherWarning

WarningId = Annotated[str, Parameter(description="id of a current warning", min_length=1, max_length=300)]
PIECE = 500
_ORDER = {kind: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in a warned area: numbers of places, the water of underpasses by number, the grids."""

    warning: WeatherWarning
    places: tuple[int, ...]
    water: Mapping[int, Gauge]
    grids: tuple[tuple[int, Area], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureExport(Export):
    """The list as a table of its own: places and grids together, water beside the underpasses."""

    warning: WeatherWarning
    water: Mapping[str, Gauge]

    @property
    def columns(self) -> tuple[Column, ...]:
        """What is told of each place and grid."""
        return (*_COLUMNS, *_water_columns(self.water))

    def rows(self) -> Iterator[list[Cell]]:
        """Every place, then every grid."""
        columns = self.columns
        for _, record in self.items():
            plain = to_plain(record)
            yield [column.read(record, plain, self.reader) for column in columns]

    def about(self) -> list[tuple[str, str]]:
        """Also which warning it is about."""
        language = self.reader.language
        headline = self.warning.headline_en if language == "en" else self.warning.headline
        return [(say(language, "exposure.warning"), headline or self.warning.event), *Export.about(self)]


def find(moment: Moment, warning_id: str) -> Found | None:
    """What lies in the area of a current warning; None when no such warning is current."""
    warning = next((row for row in ordered_warnings(moment) if row.id == warning_id), None)
    if warning is None:
        return None
    found = exposed(moment, warning)
    numbers = moment.live.tables["place"].numbers
    water = {int(numbers[each.row]): each.gauge for each in underpasses(moment, found) if each.gauge is not None}
    codes = set(found.grid_codes)
    grids = tuple(
        (number, area)
        for number, area in moment.live.whole["area"].items()
        if isinstance(area, Area) and area.area_kind is AreaKind.GRID and area.code in codes
    )
    return Found(warning, tuple(int(numbers[row]) for row in found.places), water, grids)


def routes(services: Services) -> APIRouter:
    """One route for each format."""
    router = APIRouter(prefix="/api/v1", tags=["exports"])
    for ending, (media_type, _) in FORMATS.items():
        router.add_api_route(
            f"/exposure.{ending}",
            _handler(services, ending),
            name=f"export_exposure_{ending}",
            summary=f"What lies in a warned area as a {ending.upper()} file",
            response_class=Response,
            responses={200: {"content": {media_type: {}}}, 404: {}},
        )
    return router


def _handler(services: Services, ending: str) -> Callable[..., Awaitable[Response]]:
    media_type, write = FORMATS[ending]

    async def exposure(warning: WarningId, lang: Language = "") -> Response:
        found = await services.feed.ask(lambda moment: find(moment, warning))
        if found is None:
            raise HTTPException(404, f"no warning {warning} is in force")
        reader = await reader_of(services, lang)
        made = await services.readers.run(_prepare, services, found, reader)
        at = reader.at.astimezone(reader.zone).strftime("%Y%m%d-%H%M%S")
        name = f"exposure_{at}_{found.warning.level.value}_{made.count}.{ending}"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return StreamingResponse(write(made), media_type=media_type, headers=headers)

    return exposure


def _prepare(services: Services, found: Found, reader: Reader) -> ExposureExport:
    """The places are read here, a few hundred at a time; blocking."""
    places: list[Item] = []
    for start in range(0, len(found.places), PIECE):
        places += services.store.by_numbers("place", found.places[start : start + PIECE], services.scope)
    places.sort(key=lambda item: _place_order(item[1]))
    items = (*places, *sorted(found.grids, key=lambda item: item[1].code))
    return ExposureExport(
        collection="exposure",
        kind="place",
        reader=reader,
        district=services.settings.district.name,
        total=len(items),
        count=len(items),
        filters={"warning": found.warning.id},
        pieces=(items,),
        warning=found.warning,
        water={record.id: found.water[number] for number, record in places if number in found.water},
    )


def _place_order(record: Record) -> tuple[int, str, str]:
    if not isinstance(record, Place):
        return len(_ORDER), "", record.id
    return _ORDER.get(record.place_kind, len(_ORDER)), record.street_code, record.id


def _kind(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
    if isinstance(record, Place):
        return reader.word("place_kind", record.place_kind)
    return reader.word("area_kind", "grid")


def _street(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
    codes = (record.street_code,) if isinstance(record, PlacedRecord) else _parents(record)
    return next((reader.names[code] for code in codes if code in reader.names), "")


def _parents(record: Record) -> tuple[str, ...]:
    """A grid's community lies below its street: the second of its parents, where it has one."""
    parents = record.parents if isinstance(record, Area) else ()
    return parents[1:2] or parents[:1]


def _own(name: str) -> Callable[[Record, Mapping[str, Any], Reader], Cell]:
    def read(_record: Record, plain: Mapping[str, Any], _reader: Reader) -> Cell:
        value: Cell = plain.get(name)
        return value

    return read


def _id(record: Record, _plain: Mapping[str, Any], _reader: Reader) -> Cell:
    return record.code if isinstance(record, Area) else record.id


_COLUMNS = (
    Column(field="exposed_kind", read=_kind),
    Column(field="id", read=_id),
    Column(field="name", read=_own("name")),
    Column(field="street", read=_street),
    Column(field="grid", read=lambda record, plain, _: record.code if isinstance(record, Area) else plain["grid_code"]),
    Column(field="address", read=_own("address")),
    Column(field="capacity", read=_own("capacity")),
    Column(field="phone", read=_own("phone")),
    Column(field="lon", read=_own("lon")),
    Column(field="lat", read=_own("lat")),
)


def _water_columns(water: Mapping[str, Gauge]) -> tuple[Column, ...]:
    """Level, time and state of an underpass's worst gauge; a value that is not of now says so."""

    def value(record: Record, _plain: Mapping[str, Any], _reader: Reader) -> Cell:
        gauge = water.get(record.id)
        return None if gauge is None else gauge.value

    def at(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
        gauge = water.get(record.id)
        if gauge is None or gauge.at_ms is None:
            return None
        return reader.local(datetime.fromtimestamp(gauge.at_ms / 1000, UTC).replace(microsecond=0))

    def state(record: Record, _plain: Mapping[str, Any], reader: Reader) -> Cell:
        gauge = water.get(record.id)
        if gauge is None:
            return None
        return say(reader.language, f"weather.exposure.{_state(gauge)}")

    return (
        Column(field="water_cm", read=value),
        Column(field="water_at", read=at),
        Column(field="water_state", read=state),
    )


def _state(gauge: Gauge) -> str:
    level = gauge.level
    if level is None:
        return "old"
    return "closed" if level == CLOSED else "alert" if level else "normal"
