"""The catalogue is whole: both languages, every text that Python or the browser asks for."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from layouts.text import LANGUAGES, TEXTS, catalogue, language_of, say
from situation.health import PanelState
from situation.numbers import NUMBERS
from situation.records import CaseState, CaseStep, DeviceState, Health, WarningLevel

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "assets").rglob("*.js"))
ASKED = re.compile(r"""\b(?:t|say_or|say|words|_label)\((?:[\w.]+, )?["'`]([a-z][\w.-]*?\.[\w.-]*)(\$\{|["'`])""")
FIELDS = string.Formatter()


def asked_keys(path: Path) -> set[tuple[str, bool]]:
    """(key, is only its beginning) of each text a file asks for by name."""
    return {(key, end == "${") for key, end in ASKED.findall(path.read_text("utf-8"))}


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in FIELDS.parse(text) if field}


def test_both_languages_have_the_same_texts_and_none_is_empty() -> None:
    catalogues = [catalogue(language) for language in LANGUAGES]
    assert catalogues[0].keys() == catalogues[1].keys()
    assert [key for texts in catalogues for key, text in texts.items() if not text.strip()] == []


def test_both_languages_fill_in_the_same_values() -> None:
    may_differ = {"header.wind"}  # Beaufort force in Chinese, m/s in English
    wrong = [key for key, (zh, en) in TEXTS.items() if placeholders(zh) != placeholders(en) and key not in may_differ]
    assert wrong == []


@pytest.mark.parametrize("path", [*SCRIPTS, *(ROOT / "layouts").glob("*.py")], ids=lambda path: path.name)
def test_a_file_asks_only_for_texts_that_exist(path: Path) -> None:
    unknown = [
        key
        for key, is_beginning in asked_keys(path)
        if (not any(known.startswith(key) for known in TEXTS) if is_beginning else key not in TEXTS)
    ]
    assert unknown == []


def test_every_number_has_a_name_and_a_definition() -> None:
    wanted = {key for number in NUMBERS for key in (number.name_key, number.definition_key)}
    assert wanted - TEXTS.keys() == set()


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("state", PanelState),
        ("departments", PanelState),
        ("health", Health),
        ("device", DeviceState),
        ("case", CaseState),
        ("step", CaseStep),
        ("level", WarningLevel),
    ],
)
def test_every_word_of_ours_can_be_said(prefix: str, words: type) -> None:
    special = {"departments.live"}  # a healthy department says nothing
    assert {f"{prefix}.{word}" for word in words} - TEXTS.keys() - special == set()


def test_every_reason_of_a_panel_can_be_said() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "situation").rglob("*.py"))
    assert set(re.findall(r'"(reason\.[\w-]+)"', source)) - TEXTS.keys() == set()


def test_every_rule_of_an_alarm_can_be_said() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "situation" / "rules").glob("*.py"))
    rules = re.findall(r'^RULE = "(\w+)"', source, re.MULTILINE)
    assert rules
    assert {f"{prefix}.{rule}" for rule in rules for prefix in ("rule", "why")} - TEXTS.keys() == set()


def test_an_unknown_key_is_a_defect() -> None:
    with pytest.raises(KeyError):
        say("zh", "no.such.text")


@pytest.mark.parametrize(
    ("search", "language"),
    [("", "zh"), ("?lang=en", "en"), ("?a=1&lang=en", "en"), ("?lang=fr", "zh"), ("?lang=en&lang=zh", "zh")],
)
def test_an_address_may_ask_for_a_language(search: str, language: str) -> None:
    assert language_of(search, "zh") == language
