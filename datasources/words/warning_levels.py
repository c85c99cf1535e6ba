"""The colour of a warning, from its own words where they say it, else from its severity."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from situation.records import WarningLevel

_CHINESE = {"红": WarningLevel.RED, "橙": WarningLevel.ORANGE, "黄": WarningLevel.YELLOW, "蓝": WarningLevel.BLUE}
_ENGLISH = {level.value: level for level in WarningLevel if level is not WarningLevel.UNKNOWN}
_ROMAN = {"Ⅰ": WarningLevel.RED, "Ⅱ": WarningLevel.ORANGE, "Ⅲ": WarningLevel.YELLOW, "Ⅳ": WarningLevel.BLUE}

SEVERITIES: Mapping[str, WarningLevel] = {
    "extreme": WarningLevel.RED,
    "severe": WarningLevel.ORANGE,
    "moderate": WarningLevel.YELLOW,
    "minor": WarningLevel.BLUE,
}

_CHINESE_COLOUR = re.compile(r"([红橙黄蓝])色")
# "Red Flag Warning" is a name, "Code Orange" a level: the colour must stand right before the word for warning
_ENGLISH_COLOUR = re.compile(r"\b(red|orange|yellow|blue)\s+(?:warning|alert|signal|level)", re.IGNORECASE)
_LEVEL_MARK = re.compile(r"\[([^\[\]]{1,20})\]|([ⅠⅡⅢⅣ]级)")
_ONLY_COLOURS = frozenset({"colour", "color", "colorcode", "severitycolor"})
_COLOUR_NAMES = _ONLY_COLOURS | {"warninglevel", "level", "awareness_level"}


def level_of(
    event: str, headline: str, parameters: Sequence[tuple[str, str]], severity: str
) -> tuple[WarningLevel, str]:
    """The level and how it was given; UNKNOWN with what was given when no table knows it.

    A colour that no table knows is no reason to believe a severity instead: it may be worse than all of ours.
    """
    strange = ""
    for name, value in parameters:
        own_name = name.lower().rpartition(":")[2]
        found = _colour_in_value(value) if own_name in _COLOUR_NAMES else None
        if found is not None:
            return found, _given(event, headline) or value
        strange = strange or (value if own_name in _ONLY_COLOURS else "")
    for words in (event, headline):
        colours = [_CHINESE[found] for found in _CHINESE_COLOUR.findall(words)]
        colours += [_ENGLISH[found.lower()] for found in _ENGLISH_COLOUR.findall(words)]
        if colours:
            return colours[-1], _given(event, headline) or words  # "…黄色预警升级为橙色": the last is what holds
    if strange:
        return WarningLevel.UNKNOWN, strange
    return SEVERITIES.get(severity.lower(), WarningLevel.UNKNOWN), _given(event, headline) or severity


def _colour_in_value(value: str) -> WarningLevel | None:
    for table in (_CHINESE, _ROMAN):
        for sign, level in table.items():
            if sign in value:
                return level
    words = re.findall(r"[a-z]+", value.lower())
    return next((_ENGLISH[word] for word in words if word in _ENGLISH), None)


def _given(event: str, headline: str) -> str:
    """The level as the text writes it: `橙色`, `Ⅱ级/严重`."""
    for words in (headline, event):
        colour, mark = _CHINESE_COLOUR.findall(words), _LEVEL_MARK.search(words)
        if colour or mark:
            parts = [f"{colour[-1]}色"] if colour else []
            parts += [mark.group(1) or mark.group(2)] if mark else []
            return " ".join(parts)
    return ""
