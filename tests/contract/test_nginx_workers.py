"""nginx with several workers, as Debian configures it: each tells only the streams that were published to it.

Seen with nginx 1.22 and its RTMP module 1.1.4: of twelve answers in a row nine were of one worker, three of others.
"""

from __future__ import annotations

from itertools import chain, repeat

import pytest
from fake_upstream import Upstream
from test_media_servers import NGINX, UNKNOWN, Watched

from datasources.contract import SourceDataError
from situation.clock import FakeClock


def told_by(worker: int, *names: str) -> bytes:
    return NGINX.pages([NGINX.stream(name) for name in names], worker)["/stat"]


def test_worker_that_comes_back_after_another_says_that_there_are_several(upstream: Upstream, clock: FakeClock) -> None:
    watched = Watched("nginx_rtmp", upstream, clock)
    answers = chain([told_by(11, "cam01")] * 3, [told_by(12)], repeat(told_by(11, "cam01")))
    upstream.pages["/stat"] = lambda _: next(answers)
    assert [list(watched.states(15)) for _ in range(3)] == [["live.cam01"]] * 3
    for _ in range(3):
        with pytest.raises(SourceDataError) as caught:
            watched.poll(15)
        assert caught.value.safe_text == "several_workers"


def test_nginx_that_was_restarted_has_one_worker_still(upstream: Upstream, clock: FakeClock) -> None:
    watched = Watched("nginx_rtmp", upstream, clock)
    found = []
    for worker in (11, 11, 12, 12, 13):
        upstream.pages["/stat"] = told_by(worker, "cam01")
        found.append(watched.states(10)["live.cam01"])
    assert found[0] == UNKNOWN
    assert len(upstream.asked) == 5 + 2 * 6


def test_nginx_that_was_given_one_worker_is_believed_after_a_while(upstream: Upstream, clock: FakeClock) -> None:
    watched = Watched("nginx_rtmp", upstream, clock)
    answers = chain([told_by(11)] * 2, [told_by(12)], repeat(told_by(11), 6), repeat(told_by(20, "cam01")))
    upstream.pages["/stat"] = lambda _: next(answers)
    found = []
    for _ in range(130):
        try:
            found.append(list(watched.states(15)))
        except SourceDataError:
            found.append(["?"])
    assert found[:3] == [[], [], ["?"]]
    assert (found[100], found[-1]) == (["?"], ["live.cam01"])
