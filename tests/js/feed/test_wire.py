"""What the server encodes is what the browser reads; and the clock takes the best of its samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import wire
from fake_wall import ASSETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

NUMBERS = st.lists(st.integers(0, 2**32 - 1), unique=True, max_size=40)
BYTE = st.integers(0, 31)
F32 = {"width": 32, "allow_nan": False}
LON_LAT = st.tuples(st.floats(-180, 180, **F32), st.floats(-85, 85, **F32))
PUT = st.tuples(st.integers(0, 2**32 - 1), BYTE, st.integers(0, 127), st.none() | LON_LAT)
PUTS = st.lists(PUT, unique_by=lambda mark: mark[0], max_size=30)
FEW = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def scripts(open_page) -> Page:
    """A blank page with the decoder, the clock and nothing else."""
    page = open_page("about:blank")
    for name in ("11-snapshot.js", "12-clock.js"):
        page.add_script_tag(path=ASSETS / name)
    return page


@FEW
@given(numbers=NUMBERS)
def test_removed_numbers_survive_the_wire(scripts: Page, numbers: list[int]) -> None:
    assert scripts.evaluate("(text) => onescreen.decodeRemoved(text)", wire.removed(numbers)) == sorted(numbers)


@FEW
@given(puts=PUTS)
def test_changed_marks_survive_the_wire(scripts: Page, puts: list) -> None:
    sent = [(number, state, category, *(position or ())) for number, state, category, position in puts]
    read = scripts.evaluate("(text) => onescreen.decodePut(text).map((put) => Object.values(put))", wire.put(sent))
    assert [tuple(value for value in mark if value is not None) for mark in read] == sorted(sent)


def test_a_snapshot_is_read_column_by_column(scripts: Page) -> None:
    columns = {
        "number": [3, 70_000, 4_000_000_000],
        "lon": [121.5, 0, -1],
        "lat": [31.5, 0, 2],
        "state": [0, 1, 21],
        "category": [5, 6, 127],
    }
    marks = {kind: {name: np.array(column) for name, column in columns.items()} for kind in ("camera", "alarm")}
    body = list(wire.snapshot({"seq": 9, "panels": {"kpi": {"state": "实时"}}}, marks))
    read = scripts.evaluate(
        """(bytes) => {
          const { header, marks } = onescreen.decodeSnapshot(new Uint8Array(bytes).buffer);
          const list = ([name, value]) => [name, value.length ? Array.from(value) : value];
          const plain = (table) => Object.fromEntries(Object.entries(table).map(list));
          return [header.seq, header.panels.kpi.state, plain(marks.camera), plain(marks.alarm)];
        }""",
        body,
    )
    assert read == [9, "实时", {"count": 3, **columns}, {"count": 3, **columns}]


def test_a_varint_cut_short_is_an_error_and_not_a_number(scripts: Page) -> None:
    assert (
        scripts.evaluate("() => { try { return onescreen.decodeRemoved(btoa('\\x81')) } catch (e) { return e.name } }")
        == "RangeError"
    )


def test_a_late_sample_does_not_set_the_clock_back(scripts: Page) -> None:
    times = scripts.evaluate(
        """() => {
          let real = 1000;
          const clock = onescreen.createClock(() => real);
          const shown = [clock.now()];
          clock.sample(50000); shown.push(clock.now());
          real = 2000; clock.sample(50400); shown.push(clock.now()); // 600 ms late
          clock.setSpeed(10); clock.sample(60000); real = 3000; shown.push(clock.now());
          clock.sample(1000); shown.push(clock.now()); // another city: the jump is believed
          return shown;
        }"""
    )
    assert times == [None, 50_000, 51_000, 70_000, 70_000]
