"""What needs a look: sources that are down, late, losing records, or whose places and times can hardly be right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from situation.health import PanelState
from situation.live import Moment
from situation.panels.definition import Values
from situation.panels.sources.board import keeps_promise, ms
from situation.records import Health, SourceHealth

OUTSIDE_SHARE = 0.1
"""From this share of positions outside the district on, its coordinate system is doubted."""

UNPLACED_SHARE = 0.05

Need = tuple[str, str | float | None]
"""What is wrong (text `sources.need.<what>`) and its argument."""

_URGENCY = (
    "unavailable",
    "auth_failed",
    "stale",
    "frozen",
    "starting",
    "paused",
    "not_configured",
    "late",
    "degraded",
    "zone",
    "outside",
    "unplaced",
)


def build_needs(moment: Moment) -> Values:
    """Notices, and one row for each source with anything wrong, the worst first, then by how long."""
    rows: list[dict[str, Any]] = []
    for source in moment.sources:
        needs = list(needs_of(moment, source))
        if needs:
            rows.append(
                {
                    "id": source.id,
                    "name": source.name or source.id,
                    "name_en": source.name_en,
                    "department": moment.department_names.get(source.department, (source.department, "")),
                    "owner": source.owner,
                    "state": moment.source_states[source.id].value,
                    "error": source.error,
                    "since": ms(source.since_at),
                    "needs": needs,
                }
            )
    rows.sort(key=lambda row: (_URGENCY.index(row["needs"][0][0]), row["since"] or 0, row["id"]))
    return {"notices": _notices(moment), "rows": rows, "total": len(moment.sources)}


def _notices(moment: Moment) -> list[dict[str, Any]]:
    """What is no source and needs a look all the same: settings that were refused, shares that can't be told."""
    return [
        {
            "id": notice.id,
            "name": notice.name,
            "error": notice.error,
            "since": ms(notice.since),
            "needs": [(notice.what, notice.argument)],
        }
        for notice in moment.context.sources.notices
    ]


def needs_of(moment: Moment, source: SourceHealth) -> Iterator[Need]:
    """What is wrong with a source, the worst first."""
    state = source.state
    if state not in (Health.OK, Health.DEGRADED):
        yield state.value, None
    elif moment.source_states[source.id] is PanelState.STALE or keeps_promise(moment, source) is False:
        yield "late", None
    if state is Health.DEGRADED:
        yield "degraded", None
    past = moment.context.sources.pasts.get(source.id)
    if past is None:
        return
    if past.zone_guess_h is not None:
        yield "zone", past.zone_guess_h
    if past.inside_share is not None and 1 - past.inside_share >= OUTSIDE_SHARE:
        yield "outside", round(1 - past.inside_share, 4)
    if past.unplaced_share is not None and past.unplaced_share >= UNPLACED_SHARE:
        yield "unplaced", round(past.unplaced_share, 4)
