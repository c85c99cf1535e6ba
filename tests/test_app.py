"""`python app.py` as a person starts it: options, and one clear line for everything that can be wrong."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import app
from situation.processes import FolderLock
from tests.e2e.product import until

REPOSITORY = Path(__file__).parents[1]
DISTRICT = '[district]\nname = "Test"\nadcode = "310113"\n'


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "district.toml"
    path.write_text(DISTRICT)
    return path


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def start(*arguments: object) -> subprocess.CompletedProcess[str]:
    """One start that is expected to end by itself."""
    command = [sys.executable, str(REPOSITORY / "app.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd="/")


def test_importing_does_nothing() -> None:
    code = "import app, threading; print(threading.active_count())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert done.stdout == "1\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--settings", "x.toml", "--speed", "10"], "--speed belongs to the demonstration"),
        (["--settings", "x.toml", "--adcode", "310113"], "--adcode belongs to the demonstration"),
        (["--host", "0.0.0.0"], "needs --allow-anonymous"),
        (["--port", "70000"], "--port is between"),
        (["--speed", "0.5"], "between 1 and 1000"),
        (["--start", "2026-08-09T14:00"], "with its zone"),
        (["--start", "noon"], "ISO 8601"),
        (["--scale", "0"], "invalid choice"),
        (["--adcode", "31"], "six digits"),
    ],
)
def test_contradictory_or_impossible_options_are_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        app.main(arguments)
    assert stopped.value.code == 2
    assert complaint in capsys.readouterr().err


def test_a_settings_error_names_file_key_and_line_and_starts_nothing(settings: Path, tmp_path: Path) -> None:
    settings.write_text(DISTRICT + 'timezon = "Asia/Shanghai"\n')
    done = start("--settings", settings, "--data", tmp_path / "data")
    assert done.returncode == 2
    assert str(settings) in done.stderr
    assert "timezon" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_missing_settings_are_one_clear_line(tmp_path: Path) -> None:
    done = start("--settings", tmp_path / "none.toml", "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "none.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_one_clear_line(settings: Path, tmp_path: Path, taken_port: int) -> None:
    done = start("--settings", settings, "--data", tmp_path / "data", "--port", taken_port)
    assert (done.returncode, done.stderr) == (4, f"onescreen: port {taken_port} is in use; name another with --port\n")


def test_a_data_folder_that_can_not_be_made_is_one_clear_line(settings: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = start("--settings", settings, "--data", tmp_path / "file" / "data")
    assert done.returncode == 5
    assert done.stderr.startswith("onescreen: the data folder ")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_an_unwritable_data_folder_is_one_clear_line(settings: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    done = start("--settings", settings, "--data", folder)
    assert done.returncode == 5
    assert "can't be written" in done.stderr


def test_a_corrupt_database_is_one_clear_line_and_is_left_alone(settings: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    damaged = b"this is no database" * 1000
    (folder / "onescreen.db").write_bytes(damaged)
    done = start("--settings", settings, "--data", folder, "--port", 0)
    assert done.returncode == 6
    assert "onescreen.db" in done.stderr
    assert done.stderr.count("\n") == 1
    assert (folder / "onescreen.db").read_bytes() == damaged


def test_a_second_start_says_that_one_is_running_and_where(settings: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    lock = FolderLock(folder, "http://127.0.0.1:8050/")
    done = start("--settings", settings, "--data", folder, "--port", 0)
    lock.close()
    assert done.returncode == 3
    assert f"already running on {folder} (process {os.getpid()}) at http://127.0.0.1:8050/" in done.stderr


def test_a_code_alone_is_a_wall_and_settings_are_read_again_while_it_runs(tmp_path: Path) -> None:
    settings = tmp_path / "district.toml"
    settings.write_text(DISTRICT)
    command = [
        sys.executable,
        str(REPOSITORY / "app.py"),
        "--settings",
        str(settings),
        "--data",
        str(tmp_path / "data"),
    ]
    with subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE, text=True, cwd="/") as running:
        assert running.stdout is not None
        lines = iter(running.stdout)
        live = next(line for line in lines if line.startswith("OneScreen is live at"))
        endpoint = live.split()[4].removeprefix("http://").rstrip("/")
        assert ask(endpoint, "/api/v1/areas")["items"][0]["code"] == "310113"
        settings.write_text(DISTRICT + '[[departments]]\nid = "water"\nname = "水务局"\n', encoding="utf-8")
        running.send_signal(signal.SIGHUP)
        assert next(lines) == "The settings were read again.\n"
        # the collector reads the file itself, a moment later than this line
        until(lambda: departments(endpoint) == ["water"], 60, "the new department")
        settings.write_text(DISTRICT + "[numbers]\nontime_target = 9\n")
        running.send_signal(signal.SIGHUP)
        assert any("line 5: numbers.ontime_target = 9" in line for line in lines)
        assert "line 5" in ask(endpoint, "/healthz")["settings"]["problems"][0]
        until(lambda: ask(endpoint, "/healthz")["ok"], 60, "all is well")
        assert departments(endpoint) == ["water"]
        running.terminate()
        running.communicate(timeout=60)
    assert running.returncode == 0


def departments(endpoint: str) -> list[str]:
    return [item["id"] for item in ask(endpoint, "/api/v1/departments")["items"]]


def ask(endpoint: str, path: str) -> dict[str, Any]:
    """A JSON answer of the wall."""
    connection = http.client.HTTPConnection(endpoint, timeout=20)
    connection.request("GET", path, headers={"Host": "localhost"})
    body: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return body
