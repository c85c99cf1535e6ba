"""`python -m datasources check`: every source once, side by side, within a deadline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from datasources.connecting.district_outline import outline_of
from datasources.connecting.report import as_json, table
from datasources.connecting.trial import Trial, judge_again, try_source
from datasources.settings import in_district
from situation.clock import Clock
from situation.settings import Settings, SourceSettings, suggestion

AT_ONCE = 16


class NoSuchSource(ValueError):
    """The settings have no source of this key."""


def chosen(settings: Settings, keys: Sequence[str], timeout_s: float) -> list[SourceSettings]:
    """The sources named (all when none is), each with at most `timeout_s` for its fetch; raises NoSuchSource."""
    known = [source.key for source in settings.sources]
    for key in keys:
        if key not in known:
            raise NoSuchSource(f"{key} {suggestion(key, known, 'source')}")
    asked = [in_district(source, settings) for source in settings.sources if not keys or source.key in keys]
    return [source.model_copy(update={"timeout_s": min(source.timeout_s or timeout_s, timeout_s)}) for source in asked]


def try_all(settings: Settings, sources: Sequence[SourceSettings], clock: Clock) -> list[Trial]:
    """One trial of each, side by side; positions are judged by the areas that any of them brought."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        trials = list(pool.map(lambda source: try_source(source, clock), sources))
    outline = outline_of(settings, [record for trial in trials for record in trial.found])
    return [judge_again(trial, outline) for trial in trials]


def text_of(trials: Sequence[Trial], *, is_json: bool) -> str:
    """The trials as a table or as JSON."""
    if is_json:
        return json.dumps([as_json(trial) for trial in trials], ensure_ascii=False, indent=2)
    return table(trials) if trials else "The settings name no source."
