"""The side sheet: an address names a record, its sheet lies over the overview; going back closes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dash import Dash, Input, Output, State
from dash.development.base_component import Component

from callbacks.devices import as_of_now
from callbacks.encode import to_plain
from callbacks.services import Services
from layouts import ids
from layouts.sheet import Address, SheetView, address_of, is_overview, not_found_sheet, record_sheet
from layouts.sheet_facts import FACTS
from layouts.text import language_of
from situation.records import Alarm, Area, Department, GridScheme, PlacedRecord, Record, Sensor, SourceHealth

CHARTED = timedelta(hours=3)
CHART_POINTS = 240
"""How much of a sensor's past its sheet draws."""


def register(app: Dash, services: Services) -> None:
    """Wire the sheet to the address. It is read anew every few seconds while it is open (`ids.SHEET_PULSE`)."""

    @app.callback(
        Output(ids.SHEET_BODY, "children"),
        Output(ids.SHEET, "hidden"),
        Input(ids.LOCATION, "pathname"),
        Input(ids.SHEET_PULSE, "data"),
        State(ids.LOCATION, "search"),
    )
    async def on_address(pathname: str | None, _pulse: Any, search: str | None) -> tuple[list[Component], bool]:
        if is_overview(pathname or "/"):
            return [], True
        return await services.readers.run(read_sheet, services, pathname or "/", search or ""), False


def read_sheet(services: Services, pathname: str, search: str) -> list[Component]:
    """The sheet of an address, read from the store: blocking."""
    language = language_of(search, services.settings.district.language)
    address = address_of(pathname)
    record = _find(services, address) if address is not None and address.kind in FACTS else None
    if record is None:
        return not_found_sheet(language, pathname)
    source = record if isinstance(record, SourceHealth) else _source_of(services, record)
    return record_sheet(_view(services, as_of_now(services, record, source), source, language))


def _find(services: Services, address: Address) -> Record | None:
    """An area may be named by its code alone: then it is the administrative one."""
    is_bare_code = address.kind == Area.kind and "/" not in address.id
    record_id = f"{GridScheme.ADMINISTRATIVE}/{address.id}" if is_bare_code else address.id
    found = services.store.get(address.kind, record_id, services.scope)
    return None if found is None else found[1]


def _view(services: Services, record: Record, source: SourceHealth | None, language: str) -> SheetView:
    return SheetView(
        record=record,
        raw=to_plain(record),
        source=source,
        at=services.clock.now(),
        language=language,
        zone=ZoneInfo(services.settings.district.timezone),
        area_names=_street_name(services, record, language),
        names=_names(services, record, language),
        readings=_readings(services, record),
    )


def _names(services: Services, record: Record, language: str) -> dict[str, str]:
    """Names of what the record speaks of, by kind/id: its department, and of an alarm its subject."""
    told = {f"{Department.kind}/{record.department}", record.about if isinstance(record, Alarm) else ""}
    addresses = [Address(kind=kind, id=id_) for kind, _, id_ in (key.partition("/") for key in told) if id_]
    found = [_find(services, address) for address in addresses if address.kind in FACTS]
    return {f"{other.kind}/{other.id}": _name(other, language) for other in found if other is not None and other.name}


def _name(record: Record, language: str) -> str:
    name_en = record.name_en if isinstance(record, Department) else ""
    return name_en if language == "en" and name_en else record.name


def _readings(services: Services, record: Record) -> tuple[tuple[datetime, float], ...]:
    """The last hours of a sensor's first quantity."""
    if not isinstance(record, Sensor) or not record.datastreams:
        return ()
    now = services.clock.now()
    stream = record.datastreams[0].id
    series = services.store.observations([stream], now - CHARTED, now, CHART_POINTS).get(stream)
    points = () if series is None else series.points
    return tuple((datetime.fromtimestamp(point.at_ms / 1000, UTC), point.last) for point in points)


def _source_of(services: Services, record: Record) -> SourceHealth | None:
    found = services.store.get(SourceHealth.kind, record.source, services.scope)
    return found[1] if found is not None and isinstance(found[1], SourceHealth) else None


def _street_name(services: Services, record: Record, language: str) -> dict[str, str]:
    if not isinstance(record, PlacedRecord) or not record.street_code:
        return {}
    street = _find(services, Address(kind=Area.kind, id=record.street_code))
    if not isinstance(street, Area):
        return {}
    return {record.street_code: street.name_en if language == "en" and street.name_en else street.name}
