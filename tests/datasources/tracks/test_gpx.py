"""The `gpx` kind: a file of where somebody went becomes their last position and their track."""

from __future__ import annotations

import itertools
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import gpxpy.gpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_settings import Block

from datasources.connecting.trial import try_source
from datasources.contract import FetchContext, SourceDataError
from datasources.gpx.normalise import APART_M, APART_S, MOST_FIXES, Reading, normalise
from datasources.http import HttpClient
from datasources.options import OptionsError
from datasources.registry import build
from situation.clock import CityClock, FakeClock
from situation.records import Officer
from situation.store import Store
from situation.tracks import cut, fixes_of

NOW = datetime(2026, 8, 9, 6, 0, tzinfo=UTC)
READING = Reading(
    key="g", department="water", crs="wgs84", zone="Asia/Shanghai", who="name", role="drainage_crew", keep_s=86_400
)
Step = tuple[float, float]  # seconds before NOW, metres to the east


def gpx(*tracks: tuple[str, list[Step]]) -> bytes:
    """A file as another program writes it."""
    document = gpxpy.gpx.GPX()
    for name, steps in tracks:
        segment = gpxpy.gpx.GPXTrackSegment()
        for ago_s, east_m in steps:
            point = gpxpy.gpx.GPXTrackPoint(31.4, 121.48 + east_m / 94_900, time=NOW - timedelta(seconds=ago_s))
            segment.points.append(point)
        track = gpxpy.gpx.GPXTrack(name=name)
        track.segments.append(segment)
        document.tracks.append(track)
    return document.to_xml().encode()


WALK: list[Step] = [(300 - 30 * n, 40 * n) for n in range(10)]


def test_a_track_becomes_versions_of_its_officer_the_oldest_first() -> None:
    walk = normalise(gpx(("三号车", WALK)), "a.gpx", READING, NOW)
    assert walk.rejected == ()
    assert {officer.id for officer in walk.officers} == {"g.三号车"}
    times = [officer.positioned_at for officer in walk.officers]
    assert times == [NOW - timedelta(seconds=ago_s) for ago_s, _ in WALK]
    last = walk.officers[-1]
    assert (last.name, last.role, last.department, last.on_duty) == ("三号车", "drainage_crew", "water", None)
    assert last.lat == 31.4


def test_a_track_without_a_name_is_called_like_its_file() -> None:
    body = gpx(("", WALK))
    assert normalise(body, "drop/car 7.gpx", READING, NOW).officers[0].id == "g.car 7"


def test_fixes_that_say_the_same_are_told_once_and_old_ones_not_at_all() -> None:
    steps = [(3600.0 - n, 0.0) for n in range(60)] + [(200_000.0, 500.0)]
    walk = normalise(gpx(("a", steps)), "a.gpx", READING, NOW)
    assert [officer.positioned_at for officer in walk.officers] == [
        NOW - timedelta(seconds=3600),
        NOW - timedelta(seconds=3541),
    ]


def test_of_a_track_that_is_all_old_its_end_is_kept() -> None:
    walk = normalise(gpx(("a", [(900_000.0, 0.0), (800_000.0, 500.0)])), "a.gpx", READING, NOW)
    assert [officer.positioned_at for officer in walk.officers] == [NOW - timedelta(seconds=800_000)]


def test_speed_and_course_are_read_wherever_an_edition_has_them() -> None:
    body = (
        b'<gpx xmlns="http://www.topografix.com/GPX/1/1" xmlns:e="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">'
        b'<trk><trkseg><trkpt lat="31.4" lon="121.48"><time>2026-08-09T05:59:00Z</time>'
        b"<extensions><e:TrackPointExtension><e:speed>3.5</e:speed><e:course>90</e:course></e:TrackPointExtension>"
        b"</extensions></trkpt></trkseg></trk></gpx>"
    )
    (officer,) = normalise(body, "a.gpx", READING, NOW).officers
    assert (officer.speed_mps, officer.heading_deg) == (3.5, 90)


@pytest.mark.parametrize(
    "point", ['<trkpt lat="31.4" lon="121.4"/>', '<trkpt lat="0" lon="0"><time>2026-08-09T05:59:00Z</time></trkpt>']
)
def test_a_fix_without_time_or_place_costs_itself(point: str) -> None:
    body = f"<gpx><trk><name>a</name><trkseg>{point}</trkseg></trk></gpx>".encode()
    walk = normalise(body, "a.gpx", READING, NOW)
    assert walk.officers == ()
    assert [bad.record_id for bad in walk.rejected] == ["g.a"]


@pytest.mark.parametrize(
    "body", [b"", b"<kml/>", b"<!DOCTYPE html><html>", b"<gpx", b'<!DOCTYPE g [<!ENTITY a "b">]><gpx>&a;</gpx>']
)
def test_what_is_no_gpx_is_a_data_error(body: bytes) -> None:
    with pytest.raises(SourceDataError):
        normalise(body, "a.gpx", READING, NOW)


steps = st.lists(st.tuples(st.integers(0, 80_000).map(float), st.floats(0, 5_000)), min_size=1, max_size=40)


@given(steps)
def test_versions_go_forward_apart_and_end_where_the_file_ends(walked: list[Step]) -> None:
    officers = normalise(gpx(("a", walked)), "a.gpx", READING, NOW).officers
    times = [officer.positioned_at for officer in officers if officer.positioned_at]
    assert times == sorted(times)
    assert times[-1] == NOW - timedelta(seconds=min(ago_s for ago_s, _ in walked))
    assert len(officers) <= MOST_FIXES
    for one, two in itertools.pairwise(officers[:-1]):
        assert one.positioned_at is not None
        assert two.positioned_at is not None
        apart_s = (two.positioned_at - one.positioned_at).total_seconds()
        assert apart_s >= APART_S or abs((two.lon or 0) - (one.lon or 0)) * 94_900 >= APART_M * 0.98


def test_a_file_in_a_folder_is_a_track_in_the_store_cut_where_nobody_knows(tmp_path: Path) -> None:
    pause = [(4000.0 - 30 * n, 40.0 * n) for n in range(5)] + [(600.0 - 30 * n, 3000 + 40.0 * n) for n in range(5)]
    (tmp_path / "a.gpx").write_bytes(gpx(("三号车", pause)))
    of = build(Block(kind="gpx", url="", options={"folder": str(tmp_path)}), http=HttpClient())
    of.check()
    deadline_s = CityClock().monotonic() + 20
    first = of.fetch(FetchContext(now=NOW, deadline_monotonic_s=deadline_s))
    batch = of.fetch(FetchContext(now=NOW, cursor=first.cursor, deadline_monotonic_s=deadline_s))
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    try:
        store.apply("upstream", batch, NOW)
        versions = [change.record for change in reversed(store.versions("officer", "upstream.三号车"))]
        track = cut(fixes_of([one for one in versions if isinstance(one, Officer)]))
    finally:
        store.close()
    assert [fix is None for fix in track] == [False] * 5 + [True] + [False] * 5


def test_the_fixes_of_a_track_are_no_records_told_twice_to_a_trial(tmp_path: Path) -> None:
    file = tmp_path / "a.gpx"
    file.write_bytes(gpx(("三号车", WALK)))
    os.utime(file, (NOW.timestamp() - 3600,) * 2)
    trial = try_source(Block(kind="gpx", url="", options={"folder": str(tmp_path)}), FakeClock(NOW))
    assert (trial.records, trial.duplicates, trial.is_ok) == ((("officer", 10),), 0, True)


@pytest.mark.parametrize("options", [{"folder": "tracks"}, {"who": "nobody"}, {"sftp": {"host": "h"}}])
def test_wrong_options_are_told(options: dict[str, Any]) -> None:
    with pytest.raises(OptionsError):
        build(Block(kind="gpx", url="", options=options), http=HttpClient())
