"""The board: one row for each source, by department."""

from __future__ import annotations

from datetime import datetime

from situation.catalogue import SPANS, Past
from situation.health import LIVING, PanelState
from situation.live import Moment
from situation.live.columns import NO_TIME, epoch_ms
from situation.panels.agencies.columns import records_of
from situation.panels.definition import Values
from situation.records import Health, SourceHealth


def build_board(moment: Moment) -> Values:
    """Every source in the order of its department's key; `without` are departments that deliver nothing."""
    names = moment.department_names
    sources = sorted(moment.sources, key=lambda source: (source.department == "", source.department, source.id))
    delivering = {source.department for source in sources}
    return {
        "rows": [_row(moment, source) for source in sources],
        "departments": [[key, *names[key]] for key in sorted(delivering & names.keys())],
        "without": [[key, *names[key]] for key in sorted(names.keys() - delivering)],
    }


def fresh_at(source: SourceHealth) -> datetime | None:
    """Of when it is: by its department's promise its content, else its last answer."""
    return source.content_at if source.promise_s is not None and source.content_at else source.succeeded_at


def promise_of(source: SourceHealth) -> float:
    """How old it may be, in city seconds."""
    return source.promise_s if source.promise_s is not None else source.stale_after_s


def keeps_promise(moment: Moment, source: SourceHealth) -> bool | None:
    """Whether it is as fresh as promised; None when nothing ever came."""
    at = fresh_at(source)
    return None if at is None else (moment.at - at).total_seconds() <= max(promise_of(source), least_s(moment))


def least_s(moment: Moment) -> float:
    """City seconds below which nothing is late, for clocks that run fast."""
    return moment.context.least_age_s


def word_of(moment: Moment, source: SourceHealth) -> str:
    """Text key of what to say of its state: its health, or its age where that says more."""
    state, health = moment.source_states[source.id], source.state
    is_told = health not in (Health.OK, Health.STARTING) and not (health is Health.DEGRADED and state not in LIVING)
    return f"health.{health}" if is_told or state is PanelState.LIVE else f"departments.{state}"


def _row(moment: Moment, source: SourceHealth) -> Values:
    past = moment.context.sources.pasts.get(source.id)
    return {
        "id": source.id,
        "name": source.name or source.id,
        "name_en": source.name_en,
        "department": source.department,
        "state": moment.source_states[source.id].value,
        "word": word_of(moment, source),
        "error": source.error,
        "since": ms(source.since_at),
        "at": ms(fresh_at(source)),
        "promise_s": promise_of(source),
        "is_promised": source.promise_s is not None,
        "records": records_of(moment, source),
        **_of_past(past),
    }


def _of_past(past: Past | None) -> Values:
    if past is None:
        blank = {"volume": [None] * 24, "rejected": None, "rejected_count": None, "errors": None}
        return blank | {"uptime": [None] * 3, "watched_s": [0] * 3, "inside": None, "unplaced": None}
    uptime = [past.uptime[span] for span in SPANS]
    return {
        "volume": [None if hour is None else hour.records + hour.observations for hour in past.hours],
        "rejected": _rounded(past.rejected_share),
        "rejected_count": past.day.rejected,
        "errors": _rounded(past.error_rate),
        "uptime": [_rounded(each.share) for each in uptime],
        "watched_s": [round(each.watched_s) for each in uptime],
        "inside": _rounded(past.inside_share),
        "unplaced": _rounded(past.unplaced_share),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def ms(at: datetime | None) -> int | None:
    """Epoch milliseconds, None for unknown."""
    value = epoch_ms(at)
    return None if value == NO_TIME else value
