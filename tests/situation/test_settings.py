"""Settings: what is read, and what is said about what is wrong."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from situation.settings import Finding, Secret, Settings, SettingsError, load_settings

DISTRICT = '[district]\nname = "宝山区"\nadcode = "310113"\n'
REPOSITORY = Path(__file__).parents[2]


@dataclass
class Written:
    """Writes a settings file and loads it."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    def load(self, text: str) -> Settings:
        path = self.folder / "district.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path, self.environ)

    def problems(self, text: str) -> list[str]:
        with pytest.raises(SettingsError) as caught:
            self.load(text)
        return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path)


def test_a_district_needs_a_name_and_a_code_only(written: Written) -> None:
    settings = written.load(DISTRICT)
    assert (settings.district.name, settings.district.timezone) == ("宝山区", "Asia/Shanghai")
    assert settings.numbers.ontime_target == 0.95
    assert settings.retention.policy().raw == timedelta(hours=48)
    assert settings.sources == ()


def test_a_source_has_what_its_block_says(written: Written) -> None:
    block = (
        '[[sources]]\nkey = "v"\nkind = "wvp"\nurl = "http://h/v"\ncrs = "gcj02"\n[sources.options]\npaths = ["a"]\n'
    )
    source = written.load(DISTRICT + block).source("v")
    assert source is not None
    assert (source.kind, source.crs, source.interval_s, source.options) == ("wvp", "gcj02", None, {"paths": ["a"]})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[distrct]\nname = "x"\n', "line 4: distrct: is no known key; did you mean district?"),
        (
            "[numbers]\nontime_taget = 0.9\n",
            "line 5: numbers.ontime_taget: is no known key; did you mean ontime_target?",
        ),
        ("[alarms]\non_dely_s = 3\n", "line 5: alarms.on_dely_s: is no known key; did you mean on_delay_s?"),
        (
            "[numbers]\nontime_target = 95\n",
            "line 5: numbers.ontime_target = 95: input should be less than or equal to 1",
        ),
        ('[alarms]\non_delay_s = "soon"\n', None),
        ('[map.tiles]\nkind = "xyz"\n', "line 4: map.tiles: kind xyz needs a url with {z}, {x} and {y}"),
        (
            '[[sources]]\nkey = "a"\nkind = "x"\n\n[[sources]]\nkey = "b"\nkind = "x"\ninterval_s = 0\n',
            "line 11: sources[2].interval_s = 0: input should be greater than 0",
        ),
        (
            '[[sources]]\nkey = "a"\nkind = "x"\n\n[[sources]]\nkey = "a"\nkind = "x"\n',
            "line 4: sources: every source needs a key of its own; given twice: a",
        ),
        ('[[sources]]\nkey = "a"\n', "line 4: sources[1].kind: is missing"),
        ('[[sources]]\nkey = "A b"\nkind = "x"\n', None),
        ('[[sources]]\nkey = "a"\nkind = "x"\nurl = "ftp://h"\n', None),
        ('[[sources]]\nkey = "a"\nkind = "x"\ncrs = "gcj2"\n', None),
        ('[[sources]]\nkey = "a"\nkind = "x"\ntimezone = "Asia/Shangai"\n', None),
    ],
)
def test_what_is_wrong_is_said_with_its_line(written: Written, text: str, said: str | None) -> None:
    problems = written.problems(DISTRICT + text)
    assert len(problems) == 1
    assert problems[0].startswith("line ")
    if said:
        assert problems == [said]


def test_all_problems_are_said_at_once_in_order(written: Written) -> None:
    problems = written.problems('[district]\nname = 3\nadcode = "31"\ntitel = "x"\n[numbers]\nontime_target = "x"\n')
    assert [problem.split(":")[0] for problem in problems] == ["line 2", "line 3", "line 4", "line 6"]


def test_every_line_names_the_file(written: Written) -> None:
    with pytest.raises(SettingsError) as caught:
        written.load("[district]\nname = 3\n")
    assert all(str(written.folder / "district.toml") in line for line in str(caught.value).splitlines())


def test_bad_toml_is_said_with_its_line(written: Written) -> None:
    (problem,) = written.problems(DISTRICT + "[store\n")
    assert problem.startswith("line 4: TOML")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: file: can't be read"):
        load_settings(tmp_path / "nowhere.toml", {})


def test_references_come_from_the_environment_or_their_default(written: Written) -> None:
    written.environ = {"HOST": "h"}
    source = '[[sources]]\nkey = "a"\nkind = "x"\nurl = "http://${HOST}/${PART:-p}"\n'
    assert written.load(DISTRICT + source).sources[0].url == "http://h/p"


def test_a_reference_to_nothing_is_one_problem(written: Written) -> None:
    problems = written.problems(DISTRICT + '[[sources]]\nkey = "a"\nkind = "x"\nurl = "${HOST}/x"\n')
    assert problems == [
        'line 7: sources[1].url = "${HOST}": the environment has no HOST; set it, or give ${HOST:-default}'
    ]


def test_secrets_are_read_and_never_shown(written: Written) -> None:
    (written.folder / "word.txt").write_text("hunter2\n")
    written.environ = {"PW": "hunter3", "STORE": "postgresql://u:hunter1@h/d"}
    settings = written.load(
        DISTRICT
        + '[store]\nurl = "${STORE}"\n[[sources]]\nkey = "a"\nkind = "x"\n'
        + 'options = { password = "file:word.txt", api_key = "${PW}", login = "me" }\n'
    )
    options = settings.sources[0].options
    assert (options["password"].reveal(), options["api_key"].reveal()) == ("hunter2", "hunter3")
    assert settings.store.url.reveal() == "postgresql://u:hunter1@h/d"
    assert "hunter" not in repr(settings) + str(settings)


def test_a_wrong_secret_is_not_shown_either(written: Written) -> None:
    (problem,) = written.problems(DISTRICT + "[store]\nurl = 12345\n")
    assert "12345" not in problem


def test_a_secret_file_that_is_missing_is_said(written: Written) -> None:
    block = '[[sources]]\nkey = "a"\nkind = "x"\n[sources.options]\ntoken = "file:nowhere"\n'
    assert written.problems(DISTRICT + block) == [
        'line 8: sources[1].options.token = "file:nowhere": the file can\'t be read: No such file or directory'
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[store]\nurl = "postgresql://u:hunter1@h/d"\n', "line 5: store.url"),
        (
            '[[sources]]\nkey = "a"\nkind = "x"\noptions = { password = "hunter1" }\n',
            "line 7: sources[1].options.password",
        ),
        ('[[sources]]\nkey = "a"\nkind = "x"\nurl = "http://u:hunter1@h/"\n', "line 7: sources[1].url"),
        (
            '[[sources]]\nkey = "a"\nkind = "x"\noptions = { database = "mysql://u:hunter1@h/d" }\n',
            "line 7: sources[1].options.database",
        ),
    ],
)
def test_a_secret_written_down_is_a_problem_that_does_not_repeat_it(written: Written, text: str, place: str) -> None:
    (problem,) = written.problems(DISTRICT + text)
    assert problem.startswith(place)
    assert "hunter" not in problem


def test_the_address_of_a_store_without_a_password_is_no_secret(written: Written) -> None:
    assert written.load(DISTRICT + '[store]\nurl = "postgresql:///d"\n').store.url.reveal() == "postgresql:///d"


def test_the_database_of_a_source_is_a_secret_object_also_without_a_password(written: Written) -> None:
    block = '[[sources]]\nkey = "a"\nkind = "x"\noptions = { database = "sqlite:////srv/front.db" }\n'
    given = written.load(DISTRICT + block).sources[0].options["database"]
    assert given.reveal() == "sqlite:////srv/front.db"
    assert "srv" not in repr(given)


def test_a_file_that_is_missing_is_said(written: Written) -> None:
    (problem,) = written.problems(DISTRICT + '[[areas]]\nfile = "streets.geojson"\n')
    assert problem.startswith("line 5: areas[1].file")
    assert problem.endswith("there is no such file")


def test_a_source_of_an_unknown_department_is_told_the_nearest(written: Written) -> None:
    departments = '[[departments]]\nid = "water-affairs"\nname = "水务局"\n'
    source = '[[sources]]\nkey = "a"\nkind = "x"\ndepartment = "water-afairs"\n'
    assert written.problems(DISTRICT + departments + source) == [
        'line 10: sources[1].department = "water-afairs": is no known department; did you mean water-affairs?'
    ]
    assert written.load(DISTRICT + source).departments == ()


@pytest.mark.parametrize(
    "text",
    [
        '[[departments]]\nid = "a"\nname = "甲"\n[[departments]]\nid = "a"\nname = "乙"\n',
        "[[thresholds]]\nlimits = [{ level = 1, limit = 30 }]\n",
        '[[thresholds]]\nsensor_kind = "a"\nlimits = []\n',
        '[[thresholds]]\nsensor_kind = "a"\nlimits = [{ level = 4, limit = 30 }]\n',
        '[[areas]]\nfile = "streets.shp"\n',
    ],
)
def test_wrong_departments_limits_and_areas_are_refused(written: Written, text: str) -> None:
    assert len(written.problems(DISTRICT + text)) == 1


def test_what_another_room_finds_wrong_is_said_with_its_line(written: Written) -> None:
    file = written.folder / "district.toml"
    file.write_text(DISTRICT + '[[sources]]\nkey = "a"\nkind = "x"\n[sources.options]\npage = 3\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {}, lambda _: [Finding(("sources", 0, "options", "page"), '"3"', "is no known option")])
    assert [str(each) for each in caught.value.problems] == [
        'line 8: sources[1].options.page = "3": is no known option'
    ]


def test_a_secret_is_true_when_there_is_one() -> None:
    assert Secret("x")
    assert not Secret("")
    assert Secret("x") == Secret("x")
    assert f"{Secret('x')}{Secret('x')!r}".count("x") == 0
    with pytest.raises(TypeError):
        pickle.dumps(Secret("x"))


def test_paths_are_meant_from_the_file(written: Written) -> None:
    (written.folder / "maps").mkdir()
    (written.folder / "maps" / "city.pmtiles").touch()
    settings = written.load(DISTRICT + '[map.tiles]\nkind = "pmtiles"\npath = "maps/city.pmtiles"\n')
    assert settings.map.tiles is not None
    assert settings.map.tiles.path == str((written.folder / "maps" / "city.pmtiles").resolve())


def test_files_named_in_options_are_meant_from_the_file(written: Written) -> None:
    options = 'places_file = "cameras.csv"\nother = "cameras.csv"'
    settings = written.load(DISTRICT + f'[[sources]]\nkey = "a"\nkind = "x"\n[sources.options]\n{options}\n')
    assert settings.sources[0].options["places_file"] == str((written.folder / "cameras.csv").resolve())
    assert settings.sources[0].options["other"] == "cameras.csv"


def test_settings_do_not_change(written: Written) -> None:
    settings = written.load(DISTRICT)
    with pytest.raises(ValueError, match="frozen"):
        settings.district.name = "other"


def test_the_demonstration_district_is_valid() -> None:
    settings = load_settings(REPOSITORY / "simulator" / "district.toml", {"SIMULATOR_URL": "http://127.0.0.1:1"})
    assert len(settings.sources) >= 20
    assert all(source.department for source in settings.sources)
