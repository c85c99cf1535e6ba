"""Feeds of the newest messages only, as WMO's CAP Composer makes them: `alerts[:num_of_latest_alerts_in_feed]`, five.

(`cap/views.py`, `AlertListFeed.items`; `capeditor/models.py`.) What is in force is on the wall until it ends, not until
newer messages have pushed it out of such a list.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from fake_upstream import Upstream
from hypothesis import given
from hypothesis import strategies as st
from source_settings import Block
from test_cap_feeds import NOW, SENDER, composed, rss

from datasources.cap.window import read_window
from datasources.contract import FetchContext
from datasources.http import HttpClient
from datasources.registry import build
from situation.clock import FakeClock
from situation.records import WeatherWarning


class Feed:
    """A feed that lists what it is told to, the newest first, and the messages behind it."""

    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        self.source = build(
            Block("cap", url=upstream.url, options={"path": "api/cap/rss.xml"}), http=HttpClient(clock=FakeClock(NOW))
        )
        self.cursor: Any = None
        self.minute = 0

    def issue(self, name: str, kind: str = "Alert", refers: str = "") -> None:
        self.minute += 1
        sent = f"2026-08-09T12:{self.minute:02}:00+08:00"
        triple = f"{SENDER},{refers},2026-08-09T12:00:00+08:00" if refers else ""
        self.upstream.pages[f"/api/cap/{name}.xml"] = composed(name, kind, triple, sent)

    def shown(self, *listed: str, at: datetime = NOW) -> dict[str, str]:
        """What is in force by id, and what took its place."""
        self.upstream.pages["/api/cap/rss.xml"] = rss(*listed)
        batch = self.source.fetch(FetchContext(now=at, cursor=self.cursor))
        self.cursor = batch.cursor
        return {one.id: one.superseded_by for one in batch.records if isinstance(one, WeatherWarning)}


@pytest.fixture
def feed(upstream: Upstream) -> Feed:
    made = Feed(upstream)
    for name in ("a", "b", "c", "d"):
        made.issue(name)
    return made


def test_warning_that_newer_ones_push_out_of_the_feed_stays_until_it_ends(feed: Feed) -> None:
    assert feed.shown("b", "a") == {"a": "", "b": ""}
    assert feed.shown("c", "b") == {"c": "", "b": "", "a": ""}
    assert feed.shown("d", "c") == {"d": "", "c": "", "b": "", "a": ""}
    tomorrow = NOW + timedelta(days=1)  # they expire at noon in Shanghai
    feed.issue("e")
    assert feed.shown("e", "d", at=tomorrow) == {"e": "", "d": ""}


def test_cancel_ends_a_warning_that_was_pushed_out(feed: Feed) -> None:
    feed.shown("b", "a")
    feed.shown("c", "b")
    feed.issue("x", "Cancel", "a")
    assert feed.shown("x", "c") == {"x": "", "c": "", "b": "", "a": "x"}


def test_warning_that_leaves_a_list_that_grows_shorter_has_ended(feed: Feed) -> None:
    feed.shown("b", "a")
    assert feed.shown("b") == {"b": ""}


def test_warning_that_leaves_from_among_others_has_ended(feed: Feed) -> None:
    feed.shown("c", "b", "a")
    assert feed.shown("d", "c", "a") == {"d": "", "c": "", "a": ""}


def test_message_that_is_taken_back_has_ended(feed: Feed) -> None:
    feed.shown("b", "a")
    del feed.upstream.pages["/api/cap/a.xml"]
    assert feed.shown("c", "b") == {"c": "", "b": ""}


def test_first_list_after_a_time_without_one_keeps_what_was_seen_before(feed: Feed) -> None:
    feed.shown("b", "a")
    feed.cursor = {**feed.cursor, "digest": ""}
    assert feed.shown("d", "c") == {"d": "", "c": "", "b": "", "a": ""}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4)
)


@given(JSON)
def test_any_cursor_is_a_window_or_an_empty_one(cursor: Any) -> None:
    window = read_window(cursor)
    assert read_window(window.to_cursor()) == window
