"""Typical mistakes of whoever writes a settings file: each is told by line with what is allowed and the nearest."""

from __future__ import annotations

from pathlib import Path

import pytest

from situation.settings import SettingsError, load_settings

DISTRICT = """\
[district]
name = "长宁区"
adcode = "310105"
[[departments]]
id = "water-affairs"
name = "水务局"
"""
SOURCE = """\
[[sources]]
key = "rivers"
kind = "rest"
url = "http://10.0.0.1/x"
"""
SHARE = """\
[[shares]]
key = "flood"
token = "${TOKEN}"
"""
ENVIRON = {"TOKEN": "t" * 16, "STORE": "oracle://u:geheim@h/x", "PORT": "postgresql://u:geheim@h:54x/d"}


def problems(folder: Path, text: str) -> list[str]:
    file = folder / "district.toml"
    file.write_text(DISTRICT + text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, ENVIRON)
    assert "geheim" not in str(caught.value)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SOURCE + "interval_s = true\n", "line 11: sources[1].interval_s = true: input should be a number of seconds"),
        (SOURCE + "interval_s = inf\n", "line 11: sources[1].interval_s = inf: input should be a finite number"),
        (
            SOURCE + "interval_s = 1e300\n",
            "line 11: sources[1].interval_s = 1e+300: input should be less than or equal to 31622400",
        ),
        (
            SOURCE + "interval_s = 600\nstale_after_s = 30\n",
            "line 12: sources[1].stale_after_s = 30.0: must not be below its interval_s of 600: "
            "it would be old before it is asked again",
        ),
        (
            SOURCE + 'crs = "GCJ-02"\n',
            'line 11: sources[1].crs = "GCJ-02": '
            "input should be 'wgs84', 'cgcs2000', 'gcj02', 'bd09', 'shanghai-local' or 'web-mercator'; "
            "did you mean gcj02?",
        ),
        (
            SOURCE + 'timezone = "Asia/Shangai"\n',
            'line 11: sources[1].timezone = "Asia/Shangai": '
            "must be a time zone like Asia/Shanghai; did you mean Asia/Shanghai?",
        ),
        (
            SOURCE.replace("10.0.0.1/", "10.0.0.1:88o1/"),
            'line 10: sources[1].url = "http://10.0.0.1:88o1/x": must have a port between 0 and 65535, or none',
        ),
        (
            SOURCE.replace("10.0.0.1/", "10.0.0.1:88010/"),
            'line 10: sources[1].url = "http://10.0.0.1:88010/x": must have a port between 0 and 65535, or none',
        ),
        (
            SOURCE.replace("10.0.0.1", ""),
            'line 10: sources[1].url = "http:///x": must name a host, like http://10.20.0.5/api',
        ),
        (
            SOURCE.replace('"http', '" http'),
            'line 10: sources[1].url = " http://10.0.0.1/x": must not begin or end with a space',
        ),
        (
            SHARE + 'departments = ["water-afairs"]\n',
            'line 10: shares[1].departments[1] = "water-afairs": is no known department; did you mean water-affairs?',
        ),
        (
            SHARE + 'collections = ["sensor"]\n',
            'line 10: shares[1].collections[1] = "sensor": must be one of cameras, sensors, warnings, forecasts, '
            "cases, alarms, officers, places, components, areas, departments; did you mean sensors?",
        ),
        (
            '[store]\nurl = "${STORE}"\n',
            "line 8: store.url = ***: [store] url: oracle is not supported, only sqlite and postgresql",
        ),
        (
            '[store]\nurl = "${PORT}"\n',
            "line 8: store.url = ***: [store] url is not a database address like sqlite:///file or postgresql://…",
        ),
        (
            "[retention]\nraw_hours = 1e9\n",
            "line 8: retention.raw_hours = 1000000000.0: input should be less than or equal to 876000",
        ),
        (
            '[screens.hall]\nscenes = ["overvew"]\n',
            'line 8: screens.hall.scenes[1] = "overvew": must be one of overview, video, iot, weather, cases, grid, '
            "departments, emergency, sources; did you mean overview?",
        ),
        (
            SOURCE.replace("[[sources]]", "[sources]"),
            "line 7: sources: is a list of tables: each begins with [[sources]], in two brackets",
        ),
    ],
)
def test_a_mistake_is_said_with_its_line_and_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    assert problems(tmp_path, text) == [said]


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("kind = “rest”", 'is a full-width character, TOML wants "'),
        ("kind ＝ 'rest'", "is a full-width character, TOML wants ="),
        ('kind = "rest', "a text is not closed: its last quotation mark is missing"),
        ('key = "b"', "this key stands there twice"),
        ("kind = rest", 'texts stand in quotation marks: "…"'),
        ("rest", None),
        ('kind = ["rest"', "a list is not closed: its ] is missing"),
    ],
)
def test_what_is_no_toml_is_said_with_its_usual_cause_and_without_the_line(
    tmp_path: Path, line: str, advice: str | None
) -> None:
    (said,) = problems(tmp_path, f'[[sources]]\nkey = "a"\n{line} # geheim\n')
    assert "TOML: " in said
    assert advice is None or said.endswith(advice)


def test_what_stands_in_full_width_in_a_remark_is_not_blamed(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, "kind = rest # “河道”\n")
    assert said.endswith('texts stand in quotation marks: "…"')
