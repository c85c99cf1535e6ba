"""What trials came to, as a table with notes for people or as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from datasources.connecting.appearing import OFF_AT_FIRST, appearing
from datasources.connecting.trial import FEW_INSIDE, Places, Trial

HEADINGS = (
    "source",
    "reachable",
    "authorised",
    "records",
    "rejected",
    "newest",
    "in district",
    "zone",
    "twice",
    "took",
)
MAPPED = frozenset({"rest", "geojson", "table", "files", "sql"})
"""Kinds whose blocks say where in a row a reading and its time stand."""

_YES_NO = {True: "yes", False: "NO", None: "?"}
_UNITS = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"), (1.0, "s"))


def table(trials: Sequence[Trial]) -> str:
    """A line for each source, then what is to be said of each."""
    rows = [HEADINGS, *(_cells(trial) for trial in trials)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    for trial in trials:
        lines += ["", f"{trial.key} ({trial.kind})", *(f"  {note}" for note in notes(trial))]
    return "\n".join(lines)


def notes(trial: Trial) -> Iterator[str]:
    """What a person should know or do about a source."""
    if trial.error:
        detail = f": {trial.detail}" if trial.detail else ""
        yield f"! {trial.error}{detail} (docs/troubleshooting.md)"
        return
    if trial.is_listened_to:
        yield "it pushes: its connection stands; what it sends is seen by running it"
    elif not trial.is_ok:
        yield "! it answered with nothing that can be used"
    for reason, count in trial.reasons:
        yield f"{'! ' if trial.is_much_rejected else ''}rejected {count} × {reason}"
    if trial.kind in MAPPED and dict(trial.records).get("sensor") and not trial.observations:
        yield "! sensors without a single reading: is its value a number, and its time named (observed_at)?"
    if trial.unread:
        yield f"! {trial.unread}: [sources.options.paging], docs/kinds/rest.md"
    if trial.duplicates:
        yield f"! {trial.duplicates} records have an id that another one has: only one of each is kept"
    if trial.places is not None:
        yield from _about_places(trial.places)
    yield from _about_time(trial)
    for kind, where in appearing(kind for kind, _ in trial.records).items():
        yield f"{kind} → {', '.join(short(where)) or 'search and pages of their own'}"
        if kind in OFF_AT_FIRST:
            yield f"the map shows them when its legend, or the address /?layers={kind}, switches them on"


def short(where: Sequence[str]) -> Iterator[str]:
    """Where a kind appears, with the panels of a scene counted instead of named."""
    for each in where:
        scene, colon, panels = each.partition(": ")
        yield f"{len(panels.split(', '))} panels of {scene}" if colon else each


def as_json(trial: Trial) -> dict[str, Any]:
    """Everything a trial came to."""
    places, time = trial.places, trial.time
    return {
        "key": trial.key,
        "kind": trial.kind,
        "ok": trial.is_ok,
        "error": trial.error,
        "reachable": trial.is_reachable,
        "authorised": trial.is_authorised,
        "latency_s": round(trial.latency_s, 3),
        "records": dict(trial.records),
        "observations": trial.observations,
        "rejected": trial.rejected,
        "reasons": [{"reason": reason, "count": count} for reason, count in trial.reasons],
        "newest_at": trial.newest_at.isoformat() if trial.newest_at else None,
        "age_s": time.age_s if time else None,
        "time": time.verdict if time else None,
        "better_zone": time.better_zone if time else "",
        "duplicates": trial.duplicates,
        "places": None
        if places is None
        else {"known": places.known, "unknown": places.unknown, "inside": places.inside, "better": _better(places)},
        "appears": appearing(kind for kind, _ in trial.records),
        "notes": list(notes(trial)),
    }


def _cells(trial: Trial) -> tuple[str, ...]:
    reach = (trial.key, _YES_NO[trial.is_reachable], _YES_NO[trial.is_authorised])
    took = f"{trial.latency_s:.1f} s"
    if trial.error or trial.is_listened_to:
        return (*reach, "–", "–", "–", "–", "–", "–", took)
    places = trial.places
    records = "0" if not trial.records else ", ".join(f"{count} {kind}" for kind, count in trial.records)
    records += f" + {trial.observations} readings" if trial.observations else ""
    inside = "–" if places is None or places.inside is None else f"{places.inside} of {places.known + places.unknown}"
    age = trial.time.age_s if trial.time else None
    zone = {"fresh": "ok", "none": "–"}.get(trial.time.verdict, "?") if trial.time else "–"
    return (*reach, records, str(trial.rejected), age_text(age), inside, zone, str(trial.duplicates), took)


def age_text(age_s: float | None) -> str:
    """An age for people; "–" when it is unknown."""
    if age_s is None:
        return "–"
    size, unit = next(((size, unit) for size, unit in _UNITS if abs(age_s) >= size), (1.0, "s"))
    return f"{abs(age_s) / size:.0f} {unit} {'ahead' if age_s < 0 else 'ago'}"


def _about_places(places: Places) -> Iterator[str]:
    if places.unknown:
        yield f"{places.unknown} without a usable position: listed, not mapped"
    better = _better(places)
    if better:
        yield f"! positions fit the district better as {better}"
    elif places.inside is not None and places.known and places.inside < FEW_INSIDE * places.known:
        yield f"! only {places.inside} of {places.known} positions lie in the district (read as {places.crs})"


def _better(places: Places) -> str:
    """How the positions should have been read, when that is sure; "" otherwise."""
    judgement = places.judgement
    if judgement is None or not judgement.is_sure:
        return ""
    best, own = judgement.best, judgement.fit(places.crs)
    if best == own:
        return ""
    swapped = ", latitude first" if best.is_swapped else ""
    return f'crs = "{best.crs}"{swapped}: {best.inside} of {best.counted} inside instead of {own.inside if own else 0}'


def _about_time(trial: Trial) -> Iterator[str]:
    time = trial.time
    if time is None or time.verdict in ("fresh", "none"):
        return
    verb = "ahead of our clock" if time.verdict == "ahead" else "old"
    hint = f'; timezone = "{time.better_zone}" would make it the present' if time.better_zone else ""
    yield f"! its newest content is {verb} ({age_text(time.age_s)}){hint}"
