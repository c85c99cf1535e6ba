"""The collector as a process: it starts, ends when asked, dies with its parent, and refuses wrong settings."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SETTINGS = """
[district]
name = "宝山区"
adcode = "310113"

[[sources]]
key = "nowhere"
kind = "{kind}"
url = "http://127.0.0.1:9/"
"""
WAIT_S = 60


def start(folder: Path, kind: str = "geojson", *arguments: str) -> subprocess.Popen[str]:
    settings = folder / "district.toml"
    settings.write_text(SETTINGS.format(kind=kind), encoding="utf-8")
    command = [sys.executable, "-m", "datasources", "run", "--settings", str(settings), "--data", str(folder)]
    return subprocess.Popen(
        [*command, *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def read_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    pytest.fail(f"the process ended without saying {words!r}")


def test_signal_ends_it_cleanly(tmp_path: Path) -> None:
    process = start(tmp_path)
    read_until(process, "collecting from 1 sources")
    read_until(process, "source nowhere is down: unreachable")
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0
    assert "stopped" in rest


def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    process = start(tmp_path, "geojson", "--die-with-parent")
    read_until(process, "collecting from 1 sources")
    process.communicate(timeout=WAIT_S)
    assert process.returncode == 4


def test_wrong_kind_of_source_is_named_before_anything_starts(tmp_path: Path) -> None:
    process = start(tmp_path, "carrier-pigeon")
    _, said = process.communicate(timeout=WAIT_S)
    assert process.returncode == 2
    assert 'line 8: sources[1].kind = "carrier-pigeon": is no known kind of source; known: basemap, ' in said
