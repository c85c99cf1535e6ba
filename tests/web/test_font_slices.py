"""Which slices of the font a page asks for at once."""

from __future__ import annotations

from pathlib import Path

from callbacks.font_slices import samples_of_slices
from callbacks.web import FONT_RULES

RULES = """
@font-face { src: url(/a.woff2) format('woff2'); unicode-range: U+4e00-4e0f,U+20; }
@font-face { src: url(/b.woff2) format('woff2'); unicode-range: U+8574; }
"""


def test_each_slice_with_a_wanted_character_gives_one_of_them(tmp_path: Path) -> None:
    rules = tmp_path / "font.css"
    rules.write_text(RULES, "utf-8")
    assert samples_of_slices(rules, ["丁", "一 a"]) == "丁"
    assert samples_of_slices(rules, ["一", "蕴"]) == "一蕴"
    assert samples_of_slices(rules, ["é ", ""]) == ""


def test_the_bundled_font_has_slices_for_chinese_and_latin_texts() -> None:
    assert len(samples_of_slices(FONT_RULES, ["城市运行态势 abc"])) > 2
