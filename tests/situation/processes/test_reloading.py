"""Settings that are read again: right ones reach the processes, wrong ones change nothing and are told."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from situation.clock import FakeClock
from situation.processes.reloading import IN_USE_NAME, NOTE_NAME, Checked, Reloader, last_reading
from situation.settings import load_settings, read_text

DISTRICT = '[district]\nname = "宝山区"\nadcode = "310113"\n'


class Told:
    """Stands in for the supervisor; remembers what it was told. And the file that is read."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.did: list[tuple[str, object]] = []
        self.said: list[str] = []
        self.folder = folder
        self.file = folder / "district.toml"
        self.file.write_text(DISTRICT, encoding="utf-8")
        self.reloader = Reloader(self.load().settings, self.load, self, folder, clock, self.said.append)

    def load(self) -> Checked:
        text = read_text(self.file)
        return Checked(load_settings(self.file, {}, text=text), text)

    @property
    def in_use(self) -> str:
        return (self.folder / IN_USE_NAME).read_text(encoding="utf-8")

    def signal(self, name: str, number: int) -> None:
        self.did.append((name, number))

    def replace(self, name: str) -> None:
        self.did.append((name, "replaced"))


@pytest.fixture
def told(tmp_path: Path, clock: FakeClock) -> Told:
    return Told(tmp_path, clock)


def test_changed_settings_reach_the_collector_and_a_new_web_process(told: Told) -> None:
    told.file.write_text(DISTRICT + "[numbers]\nontime_target = 0.9\n", encoding="utf-8")
    told.reloader.reload()
    assert told.did == [("collector", signal.SIGHUP), ("web", "replaced")]
    reading = last_reading(told.folder)
    assert reading is not None
    assert reading.problems == ()
    told.reloader.reload()
    assert told.did[2:] == [("collector", signal.SIGHUP)], "files that the settings name may have changed"
    assert told.said[-1] == "The settings have not changed."


def test_a_wrong_file_changes_nothing_and_says_why(told: Told) -> None:
    told.file.write_text(DISTRICT + "[numbers]\nontime_target = 9\n", encoding="utf-8")
    told.reloader.reload()
    assert told.did == []
    reading = last_reading(told.folder)
    assert reading is not None
    assert "line 5: numbers.ontime_target = 9" in reading.problems[0]
    assert "line 5" in told.said[0]


def test_the_processes_read_what_was_checked_whatever_the_file_says_since(told: Told) -> None:
    right = DISTRICT + "[numbers]\nontime_target = 0.9\n"
    told.file.write_text(right, encoding="utf-8")
    told.reloader.reload()
    told.file.write_text(DISTRICT + "[numbers]\nontime_tar", encoding="utf-8")
    assert told.in_use == right, "half edited: a process that starts again now must not meet it"
    told.reloader.reload()
    assert told.in_use == right


def test_where_the_checked_text_cannot_be_kept_nothing_changes(told: Told) -> None:
    (told.folder / f".{IN_USE_NAME}").mkdir()
    told.file.write_text(DISTRICT + "[numbers]\nontime_target = 0.9\n", encoding="utf-8")
    told.reloader.reload()
    assert told.did == []
    assert "can't be written" in told.said[0]


def test_another_store_needs_a_restart(told: Told) -> None:
    told.file.write_text(DISTRICT + '[store]\nurl = "sqlite:///other.db"\n', encoding="utf-8")
    told.reloader.reload()
    assert told.did == []
    assert told.said == ["The settings stay as they are: store.url: another store needs a restart"]


def test_nothing_is_known_of_readings_before_a_start_or_of_a_torn_note(told: Told) -> None:
    assert last_reading(told.folder) is None
    (told.folder / NOTE_NAME).write_text('{"at": "202', encoding="utf-8")
    assert last_reading(told.folder) is None
