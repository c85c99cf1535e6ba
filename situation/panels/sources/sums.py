"""What a leader wants to know: how many departments deliver, how fresh, how complete, how reliable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from situation.catalogue import HOURS, SPANS, Past
from situation.health import LIVING, PanelState
from situation.live import Moment
from situation.panels.definition import Values
from situation.panels.sources.board import fresh_at, keeps_promise, ms, word_of


def build_sum(moment: Moment) -> Values:
    """Parts add up: departments = delivering + partly + not + without a source; sources by the word of their state."""
    pasts = [past for source in moment.sources if (past := moment.context.sources.pasts.get(source.id)) is not None]
    return {**_departments(moment), **_sources(moment), **_fresh(moment), **_day(pasts), "uptime": _uptime(pasts)}


def _departments(moment: Moment) -> Values:
    states = Counter(moment.department_states[department.id] for department in moment.departments)
    delivering = sum(states[state] for state in LIVING)
    partly, without = states[PanelState.PARTIAL], states[PanelState.NOT_CONFIGURED]
    total = len(moment.departments)
    return {
        "departments": total or None,
        "delivering": delivering if total else None,
        "partly": partly,
        "not_delivering": total - delivering - partly - without,
        "without": without,
    }


def _sources(moment: Moment) -> Values:
    live = sum(moment.source_states[source.id] is PanelState.LIVE for source in moment.sources)
    others = [source for source in moment.sources if moment.source_states[source.id] is not PanelState.LIVE]
    dead = {source.id for source in others if moment.source_states[source.id] not in LIVING}
    words = Counter((source.id not in dead, word_of(moment, source)) for source in others)
    worst_first = sorted(words.items(), key=lambda each: (each[0][0], -each[1], each[0][1]))
    return {
        "sources": len(moment.sources) or None,
        "live": live if moment.sources else None,
        "dead": len(dead),
        "others": [(word, count) for (_, word), count in worst_first],
    }


def _fresh(moment: Moment) -> Values:
    known = [(source, keeps_promise(moment, source)) for source in moment.sources]
    told = [(at, source) for source, _ in known if (at := fresh_at(source)) is not None]
    late = [(at, source) for at, source in told if keeps_promise(moment, source) is False]
    oldest = min(late, key=lambda each: each[0], default=None)
    return {
        "fresh": sum(keeps is True for _, keeps in known) if known else None,
        "oldest": None if oldest is None else [oldest[1].name or oldest[1].id, oldest[1].name_en, ms(oldest[0])],
    }


def _day(pasts: Sequence[Past]) -> Values:
    """The last 24 hours of all sources together."""
    records = sum(past.day.records + past.day.observations for past in pasts)
    rejected = sum(past.day.rejected for past in pasts)
    positioned = sum(past.day.positioned for past in pasts)
    unpositioned = sum(past.day.unpositioned for past in pasts)
    outside = sum(past.day.outside for past in pasts)
    return {
        "records": records if pasts else None,
        "rejected": rejected if pasts else None,
        "usable": round(records / (records + rejected), 6) if records + rejected else None,
        "inside": round(1 - outside / positioned, 6) if positioned else None,
        "unplaced": round(unpositioned / (positioned + unpositioned), 6) if positioned + unpositioned else None,
        "volume": [_volume(pasts, hour) for hour in range(HOURS)],
    }


def _volume(pasts: Sequence[Past], hour: int) -> int | None:
    noted = [each for past in pasts if (each := past.hours[hour]) is not None]
    return sum(each.records + each.observations for each in noted) if noted else None


def _uptime(pasts: Sequence[Past]) -> list[list[float | None]]:
    """[share of all watched time, seconds since the oldest history began] for each span."""
    told: list[list[float | None]] = []
    for span in SPANS:
        watched_s = sum(past.uptime[span].watched_s for past in pasts)
        up_s = sum((past.uptime[span].share or 0.0) * past.uptime[span].watched_s for past in pasts)
        longest_s = max((past.uptime[span].watched_s for past in pasts), default=0.0)
        told.append([round(up_s / watched_s, 4) if watched_s else None, round(longest_s)])
    return told
