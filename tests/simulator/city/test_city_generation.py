"""Building, keeping and reading cities."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from simulator.city import generate, load
from simulator.city.districts import outline
from simulator.city.plane import Plane


def test_unknown_district_is_named() -> None:
    with pytest.raises(LookupError, match="999999"):
        outline("999999")


def test_scale_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="scale"):
        generate("310113", 0, 7)


def test_any_district_becomes_a_city_and_survives_its_file(tmp_path: Path) -> None:
    built = load("310101", 1, 3, tmp_path)
    (kept,) = tmp_path.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert load("310101", 1, 3, tmp_path) == built
    assert built.name == "黄浦区"
    assert len(built.cameras) == 18_000
    assert all(camera.code.startswith("310101") for camera in built.cameras)
    kept.write_bytes(kept.read_bytes()[:5000])
    # A file cut short is built anew; the same three numbers give the same city on any run.
    assert load("310101", 1, 3, tmp_path) == built


def test_plane_and_degrees_are_inverse() -> None:
    plane = Plane(121.4, 31.4)
    lonlat = [(121.31, 31.27), (121.5, 31.5)]
    assert plane.to_lonlat(plane.to_metres(lonlat)).tolist() == [list(pair) for pair in lonlat]
