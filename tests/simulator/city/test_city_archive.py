"""What happens when the generated city can't be kept."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from simulator.city import archive


def test_a_city_that_can_not_be_kept_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    built = object()
    monkeypatch.setattr(archive, "generate", lambda *_: built)
    monkeypatch.setattr(archive, "_encoded", lambda city: b"")
    folder = tmp_path / "city"
    folder.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        assert archive.load("310113", 1, 7, folder) is built
    assert "the city can't be kept" in caplog.text
