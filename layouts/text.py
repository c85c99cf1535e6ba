"""The catalogue: every text a screen shows, in every language, for Python and for the browser alike.

A key is `<where>.<what>`; `{name}` is filled in by `say` (Python) or `onescreen.t` (browser).
"""

from __future__ import annotations

from typing import Any

from layouts.scenes.texts import SCENE_TEXTS
from layouts.text_details import DETAIL_TEXTS
from layouts.text_errors import ERROR_TEXTS
from layouts.text_finding import FINDING_TEXTS
from layouts.text_map import MAP_TEXTS
from layouts.text_records import RECORD_TEXTS
from layouts.text_screens import SCREEN_TEXTS
from layouts.text_wall import WALL_TEXTS
from layouts.text_words import WORD_TEXTS

LANGUAGES = ("zh", "en")
HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}

TEXTS: dict[str, tuple[str, str]] = {
    **WALL_TEXTS,
    **RECORD_TEXTS,
    **DETAIL_TEXTS,
    **MAP_TEXTS,
    **WORD_TEXTS,
    **FINDING_TEXTS,
    **SCREEN_TEXTS,
    **SCENE_TEXTS,
    **ERROR_TEXTS,
}
"""Key → (Chinese, English)."""


def catalogue(language: str) -> dict[str, str]:
    """All texts in one of `LANGUAGES`."""
    column = LANGUAGES.index(language)
    return {key: texts[column] for key, texts in TEXTS.items()}


def say(language: str, key: str, **values: Any) -> str:
    """The text of `key` with `values` filled in. Raises KeyError for an unknown key: a missing text is a defect."""
    return TEXTS[key][LANGUAGES.index(language)].format_map(values)


def say_or(language: str, key: str, fallback: str, **values: Any) -> str:
    """Like `say`, but `fallback` for words that come from upstream: the catalogue may have none for them, or one that
    wants values they don't bring."""
    try:
        return say(language, key, **values)
    except KeyError:
        return fallback


def words(language: str, key: str) -> dict[str, Any]:
    """Properties of a component that shows this text; the browser puts in another language by `data-text`."""
    return {"children": say(language, key), "data-text": key}


def language_of(search: str, default: str) -> str:
    """The language an address asks for (`?lang=en`), else `default`."""
    asked = [part.partition("=")[2] for part in search.lstrip("?").split("&") if part.startswith("lang=")]
    return asked[-1] if asked and asked[-1] in LANGUAGES else default
