"""A source: how reliable it was, what it lost and why, whether its places and times can be right, who uses it."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts.details.common import change_rows
from layouts.details.parts import drawn, facts, meter, nothing, part, span
from layouts.details.view import DetailView, SourceView, UptimeView
from layouts.properties import data
from layouts.telling import Shown, Telling, error_words
from layouts.text import say
from situation.records import SourceHealth

LOW_UPTIME = 0.95
WHOLE = 1.0
LEAST_SHARE = 0.001


def acting_part(view: DetailView, telling: Telling) -> Component | None:
    """Pause, resume, refresh: the browser makes the buttons and says why one may not."""
    source = view.record
    if not isinstance(source, SourceHealth):
        return None
    label = say(telling.language, "detail.acting")
    return part(telling, "acting", drawn("acting", label=label, source=source.id, state=source.state.value))


def uptime_part(view: DetailView, telling: Telling) -> Component | None:
    """Uptime of three spans, and what came in each of the last hours."""
    past = view.past
    if past is None:
        return part(telling, "uptime", nothing(telling, "no_past"))
    language, watched_s, rows = telling.language, 0.0, []
    for each in past.uptime:
        rows.append(_uptime(each, telling, is_longer=each.watched_s > watched_s))
        watched_s = each.watched_s
    label = say(language, "detail.hours")
    most = max((value for _, value in past.hours if value is not None), default=None)
    values = [value for _, value in past.hours]
    chart = drawn("hours", label=label, values=values, since=int(past.hours[0][0].timestamp() * 1000))
    note = "" if most is None else say(language, "detail.hours_most", n=f"{most:,}")
    caption = html.P([label, " · ", note] if note else label, className="hours-caption")
    return part(telling, "uptime", [html.Ul(rows, className="uptime-rows"), chart, caption])


def _uptime(uptime: UptimeView, telling: Telling, *, is_longer: bool) -> Component:
    language, share = telling.language, uptime.share if is_longer else None
    watched = span(telling, uptime.watched_s)
    note = say(language, "detail.watched", age=watched) if is_longer else say(language, "detail.not_watched")
    cells = [
        html.Span(say(language, f"detail.uptime_{uptime.span}")),
        html.B(share_text(share)),
        meter(share or 0.0, "meter-overdue" if share is not None and share < LOW_UPTIME else ""),
        html.Span(note, className="uptime-note"),
    ]
    return html.Li(cells, className="uptime-row", **data(key=uptime.span))


def health_part(view: DetailView, telling: Telling) -> Component | None:
    """How a source was doing, as far back as changes are kept."""
    if not isinstance(view.record, SourceHealth):
        return None
    told = [(version.at, version.record) for version in view.versions if isinstance(version.record, SourceHealth)]
    if not told:
        return part(telling, "life", nothing(telling, "unchanged"))
    states = [(at, record.state.value) for at, record in told]
    rows = change_rows(states, view.at, lambda state: say(telling.language, f"health.{state}"), telling)
    return part(telling, "life", html.Ul(rows, className="change-rows"))


def reasons_part(view: DetailView, telling: Telling) -> Component | None:
    """Why records were rejected and fetches failed: how often, when last, one masked sample."""
    if view.past is None:
        return None
    if not view.past.reasons:
        return part(telling, "reasons", nothing(telling, "no_reasons"))
    language, rows = telling.language, []
    for each in view.past.reasons:
        words = error_words(each.reason, language) if each.sort == "error" else each.reason
        sample = [html.Span(say(language, "detail.sample", sample=each.sample))] if each.sample else []
        cells = [
            html.Span(say(language, f"detail.reason_{each.sort}"), className="reason-sort"),
            html.B(words),
            html.Span([say(language, "detail.times", n=f"{each.count:,}"), " · ", telling.age(each.last_at)]),
            *sample,
        ]
        rows.append(html.Li(cells, className="reason-row", **data(key=f"{each.sort}:{each.reason}", sort=each.sort)))
    return part(telling, "reasons", html.Ul(rows), note=str(len(rows)))


def plausible_part(view: DetailView, telling: Telling) -> Component | None:
    """Whether its places and times can be right, over the last 24 hours."""
    if view.past is None:
        return None
    return part(telling, "plausible", facts(_plausible(view.past, telling), telling))


def _plausible(past: SourceView, telling: Telling) -> list[tuple[str, Shown]]:
    language = telling.language
    zone = say(language, "sources.zone_ok")
    if past.zone_guess_h is not None:
        zone = say(language, "sources.need.zone", argument=f"{past.zone_guess_h:+g}")
    return [
        ("inside_share", share_text(past.inside_share)),
        ("unplaced_share", loss_text(past.unplaced_share)),
        ("content_age", _ages(past.content_ages_s, telling)),
        ("ahead", say(language, "sources.times_n", n=f"{past.ahead:,}")),
        ("zone_guess", zone),
        ("error_rate", loss_text(past.error_rate)),
        ("rejected_share", loss_text(past.rejected_share)),
        ("latency", "—" if past.latency_s is None else f"{past.latency_s:.2f} s"),
    ]


def _ages(ages_s: tuple[float, float] | None, telling: Telling) -> str:
    if ages_s is None:
        return "—"
    least, most = (_age(age_s, telling) for age_s in ages_s)
    return say(telling.language, "sources.age_range", least=least, most=most)


def _age(age_s: float, telling: Telling) -> str:
    if age_s >= 0:
        return span(telling, age_s)
    return say(telling.language, "sources.ahead_by", age=span(telling, -age_s))


def uses_part(view: DetailView, telling: Telling) -> Component | None:
    """The panels that would go blind without it."""
    if view.past is None:
        return None
    if not view.past.uses:
        return part(telling, "uses", nothing(telling, "no_uses"))
    language, rows = telling.language, []
    for scene, keys in view.past.uses:
        address = "/" if scene == "overview" else f"/{scene}"
        names = "、" if language == "zh" else ", "
        shown: list[Any] = [
            html.A(
                say(language, f"scene.{scene}"), href=address, **data(open="home" if scene == "overview" else address)
            ),
            html.Span(names.join(say(language, f"panel.{key}") for key in keys)),
        ]
        rows.append(html.Li(shown, className="use-row", **data(key=scene)))
    return part(telling, "uses", html.Ul(rows), note=str(sum(len(keys) for _, keys in view.past.uses)))


def share_text(share: float | None) -> str:
    """A share in percent, rounded down: only what is whole is shown as whole."""
    if share is None:
        return "—"
    return "100%" if share == WHOLE else f"{int(share * 1000 + 1e-9) / 10:.1f}%"


def loss_text(share: float | None) -> str:
    """A share that was lost: never rounded to nothing."""
    if share is None:
        return "—"
    return "0" if share == 0 else "<0.1%" if share < LEAST_SHARE else f"{share * 100:.1f}%"
