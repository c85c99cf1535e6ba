"""Chinese as it is typed on a keyboard: full pinyin without tones, and initials.

Readings come from pypinyin's tables; looked up here character by character, and by phrase only where a phrase is read
differently (长江 chang, not zhang): its own segmentation takes fifty times as long, and a city has 300,000 names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

LONGEST_PHRASE = 4

PLACE_READINGS: Mapping[str, str] = {"长": "chang", "朴": "pu", "乐": "le", "盛": "sheng", "单": "dan", "蕰": "wen"}
"""Characters that in names of places are nearly always read otherwise than alone."""

PLACE_PHRASES: Mapping[str, tuple[str, ...]] = {
    "杨行": ("yang", "hang"),
    "闵行": ("min", "hang"),
    "庄行": ("zhuang", "hang"),
    "银行": ("yin", "hang"),
    "支行": ("zhi", "hang"),
    "六安": ("lu", "an"),
    "厦门": ("xia", "men"),
    "番禺": ("pan", "yu"),
}
"""Names of places that no dictionary of phrases has."""


class Spelling(NamedTuple):
    """A name as it is typed; what is not Chinese stays as it is."""

    full: str
    initials: str


class _Readings(NamedTuple):
    characters: Mapping[str, str]
    phrases: Mapping[str, tuple[str, ...]]
    beginnings: frozenset[str]


def spell(text: str) -> Spelling:
    """`友谊路100号` → `youyilu100hao`, `yyl100h`. The text is lower case already."""
    readings = _readings()
    full: list[str] = []
    initials: list[str] = []
    place = 0
    while place < len(text):
        letter = text[place]
        phrase = _phrase_at(text, place, readings) if letter in readings.beginnings else ()
        syllables = phrase or (readings.characters.get(letter, letter),)
        full += syllables
        initials += [syllable[0] for syllable in syllables]
        place += len(syllables)
    return Spelling("".join(full), "".join(initials))


def _phrase_at(text: str, place: int, readings: _Readings) -> tuple[str, ...]:
    for length in range(LONGEST_PHRASE, 1, -1):
        found = readings.phrases.get(text[place : place + length])
        if found is not None:
            return found
    return ()


@lru_cache(maxsize=1)
def _readings() -> _Readings:
    """The tables, made on first use: they take a second and 40 MB that a process without search can spare."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_normal

    plain: dict[str, str] = {}

    def toneless(syllable: str) -> str:
        known = plain.get(syllable)
        if known is None:
            known = plain[syllable] = to_normal(syllable).replace("ü", "v")
        return known

    characters = {chr(code): toneless(syllables.partition(",")[0]) for code, syllables in PINYIN_DICT.items()}
    characters.update(PLACE_READINGS)
    phrases = dict(PLACE_PHRASES)
    for phrase, syllables in PHRASES_DICT.items():
        if len(phrase) > LONGEST_PHRASE or len(phrase) != len(syllables):
            continue
        read = tuple(toneless(each[0]) for each in syllables)
        if any(characters.get(letter) != syllable for letter, syllable in zip(phrase, read, strict=True)):
            phrases.setdefault(phrase, read)
    return _Readings(characters, phrases, frozenset(phrase[0] for phrase in phrases))
