"""Who reads a list or a file: language, zone, and what streets and departments are called."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from callbacks.services import Services
from layouts.columns import Reader
from layouts.text import LANGUAGES
from situation.catalogue import Past
from situation.live import Moment
from situation.records import Area, Department


async def reader_of(services: Services, asked: str) -> Reader:
    """A reader in the asked language, else in the district's."""
    district = services.settings.district
    language = asked if asked in LANGUAGES else district.language
    names = await services.feed.ask(partial(names_of, language))
    return Reader(
        language=language,
        zone=ZoneInfo(district.timezone),
        at=services.clock.now(),
        names=names,
        figures={key: _figures(past) for key, past in services.feed.sources.pasts.items()},
    )


def _figures(past: Past) -> dict[str, float | int | None]:
    """What the past of a source comes to, for its columns."""
    return {
        "records_day": past.day.records + past.day.observations,
        "error_rate": past.error_rate,
        "rejected_share": past.rejected_share,
        "inside_share": past.inside_share,
        "unplaced_share": past.unplaced_share,
        **{f"uptime_{span}": each.share for span, each in past.uptime.items()},
    }


def names_of(language: str, moment: Moment) -> dict[str, str]:
    """Names of areas by code and of departments by key, in a language."""
    names: dict[str, str] = {}
    for each in (*moment.live.whole[Department.kind].values(), *moment.live.whole[Area.kind].values()):
        if isinstance(each, Department | Area):
            key = each.code if isinstance(each, Area) else each.id
            names[key] = each.name_en if language == "en" and each.name_en else each.name
    return names
