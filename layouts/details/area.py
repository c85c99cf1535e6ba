"""An area: its numbers and place among its like, what lies below it, and its cases that wait longest."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dash import html
from dash.development.base_component import Component

from layouts.details.common import late_part
from layouts.details.parts import count, drawn, link, of_all, part
from layouts.details.view import AreaView, Counts, DetailView, area_name
from layouts.properties import data
from layouts.telling import Telling
from layouts.text import say
from situation.records import Area, AreaKind, GridScheme

_LEVELS = {AreaKind.STREET: "street", AreaKind.COMMUNITY: "community", AreaKind.GRID: "grid"}
_TILES: tuple[tuple[str, Callable[[Counts], str]], ...] = (
    ("cases_open", lambda counts: count(counts.cases_open)),
    ("cases_overdue", lambda counts: count(counts.cases_overdue)),
    ("cases_today", lambda counts: count(counts.cases_today)),
    ("alarms", lambda counts: count(counts.alarms)),
    ("cameras", lambda counts: of_all(counts.cameras)),
    ("sensors", lambda counts: of_all(counts.sensors)),
)


def numbers_part(view: DetailView, telling: Telling) -> Component | None:
    """The area's numbers, each with its place among its like."""
    return (
        None
        if view.area is None
        else tiles(view.area.counts, telling, {name: (place, of) for name, place, of in view.area.ranks})
    )


def tiles(counts: Counts, telling: Telling, ranks: Mapping[str, tuple[int, int]] | None = None) -> Component:
    """Numbers side by side."""
    shown = []
    for name, read in _TILES:
        lines: list[Component] = [html.B(read(counts)), html.Span(say(telling.language, f"detail.number.{name}"))]
        if ranks and name in ranks:
            place, of = ranks[name]
            lines.append(html.Span(say(telling.language, "detail.rank", place=place, of=of), className="tile-rank"))
        unknown = _unknown(getattr(counts, name), telling)
        if unknown:
            lines.append(html.Span(unknown, className="tile-rank"))
        is_late = name == "cases_overdue" and bool(counts.cases_overdue)
        shown.append(html.Div(lines, className="tile", **data(number=name, overdue="true" if is_late else "false")))
    return part(telling, "numbers", html.Div(shown, className="tiles"))


def _unknown(devices: object, telling: Telling) -> str:
    if not isinstance(devices, tuple):
        return ""
    online, offline, total = devices
    unknown = total - online - offline
    return say(telling.language, "detail.unknown_count", count=unknown) if unknown else ""


def plan_part(view: DetailView, telling: Telling) -> Component | None:
    """The area with the areas below it, coloured by open cases; picking one goes there."""
    area, below = view.record, view.area
    if not isinstance(area, Area) or below is None:
        return None
    label = say(telling.language, "detail.plan_of", name=area_name(area, telling.language))
    kind = below.children[0][0].area_kind if below.children else None
    if kind not in _LEVELS:
        return _own_plan(area, label, telling)
    values = {child.code: counts.cases_open for child, counts in below.children}
    within = "" if area.area_kind in (AreaKind.CITY, AreaKind.DISTRICT) else area.code
    plan = drawn(
        "plan",
        label=label,
        level=_LEVELS[kind],
        within=within,
        values=values,
        scale={"title": say(telling.language, "detail.number.cases_open"), "key": "detail-cases-open"},
        picks={child.code: child.id for child, _ in below.children},
    )
    return part(telling, "area_plan", plan, style="detail-tall")


def _own_plan(area: Area, label: str, telling: Telling) -> Component | None:
    if area.area_kind not in _LEVELS or area.scheme not in (GridScheme.ADMINISTRATIVE, GridScheme.UNIT_GRID):
        return None
    within = area.parents[0] if area.parents else ""
    plan = drawn(
        "plan", label=label, level=_LEVELS[area.area_kind], within=within, codes=[area.code], selected=area.code
    )
    return part(telling, "area_plan", plan, style="detail-tall")


def children_part(view: DetailView, telling: Telling) -> Component | None:
    """The areas below with their numbers, the most overdue first: the way down."""
    if view.area is None or not view.area.children:
        return None
    children = sorted(view.area.children, key=_urgency)
    columns = ("cases_open", "cases_overdue", "alarms", "cameras", "sensors")
    head = html.Tr([html.Th(""), *(html.Th(say(telling.language, f"detail.column.{name}")) for name in columns)])
    readers = dict(_TILES)
    rows = [
        html.Tr(
            [
                html.Td(link("area", child.id, area_name(child, telling.language))),
                *(
                    html.Td(readers[name](counts), **data(overdue="true" if _is_late(name, counts) else "false"))
                    for name in columns
                ),
            ],
            **data(key=child.code),
        )
        for child, counts in children
    ]
    kind = say(telling.language, f"area_kind.{children[0][0].area_kind}")
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="detail-table")
    return part(telling, "children", html.Div(table, className="detail-scroll"), note=f"{kind} {len(children)}")


def _is_late(name: str, counts: Counts) -> bool:
    return name == "cases_overdue" and bool(counts.cases_overdue)


def _urgency(child: tuple[Area, Counts]) -> tuple[int, int, str]:
    area, counts = child
    return -(counts.cases_overdue or 0), -(counts.cases_open or 0), area.code


def waiting_part(view: DetailView, telling: Telling) -> Component | None:
    """The open cases of the area by their time limit."""
    area, shown = view.record, view.area
    if not isinstance(shown, AreaView) or not isinstance(area, Area):
        return None
    more = f"/cases?street={area.code}" if area.area_kind is AreaKind.STREET else ""
    return late_part(shown.late, telling, more=more)
