"""Scenes over the feed: whole first, then what changed, only for those who follow, and panels by a reader's choice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_city import NOW, SETTINGS, MemoryStore, alarm, camera, case, sources

from situation.clock import FakeClock
from situation.feed import Feed, Overloaded
from situation.live import Moment
from situation.panels import Choice, ChoiceError, PanelDefinition, Values

CASE = frozenset({"case"})
ALARM = frozenset({"alarm"})
builds: list[str] = []


def build_count(moment: Moment) -> Values:
    builds.append("cases-count")
    return {"open": int(moment.is_open.sum()), "fixed": 1}


def choose_count(moment: Moment, choice: Choice) -> Values:
    builds.append("choice")
    for key, value in choice.items():
        if key != "state":
            raise ChoiceError(key, value, ("state",))
    return {"open": -1, "fixed": 1}


def build_alarms(moment: Moment) -> Values:
    return {"active": len(moment.active_alarms)}


COUNT = PanelDefinition(
    key="cases-count", kinds=CASE, fed_by=CASE, build=build_count, choose=choose_count, scene="cases"
)
ALARMS = PanelDefinition(key="cases-alarms", kinds=ALARM, fed_by=ALARM, build=build_alarms, scene="cases")
SCENES = {"cases": (COUNT, ALARMS), "weather": ()}


@pytest.fixture(autouse=True)
def own_scenes(monkeypatch: pytest.MonkeyPatch) -> None:
    builds.clear()
    monkeypatch.setattr("situation.feed.scenes.SCENE_PANELS", SCENES)
    monkeypatch.setattr("situation.feed.choices.PANELS_BY_KEY", {panel.key: panel for panel in (COUNT, ALARMS)})


@pytest.fixture
def store() -> MemoryStore:
    return make_store()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


def make_store() -> MemoryStore:
    store = MemoryStore()
    store.put(*sources())
    store.put(camera("c1"), case("1"))
    return store


@asynccontextmanager
async def following(store: MemoryStore, clock: FakeClock) -> AsyncIterator[Feed]:
    feed = Feed(store, SETTINGS, clock, release="r1")
    await feed.start(follow=False)
    try:
        yield feed
    finally:
        await feed.close()


def events_of(chunk: bytes) -> list[tuple[str, Any]]:
    """(name, data) of every event in a piece of the stream."""
    found = []
    for text in chunk.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


class Follower:
    """What a browser holds of its scenes, merged as the browser does it, while it listens."""

    def __init__(self) -> None:
        self.panels: dict[str, Any] = {}
        self.events: list[Any] = []

    @property
    def values(self) -> dict[str, Any]:
        return {key: panel["values"] for key, panel in self.panels.items()}

    async def listen(self, feed: Feed, scenes: Sequence[str], after: int | None) -> None:
        async with aclosing(feed.subscribe(after, scenes)) as stream:
            async for chunk in stream:
                for name, data in events_of(chunk):
                    if name == "scene":
                        self.take(data)

    def take(self, event: Any) -> None:
        self.events.append(event)
        for key, panel in event["panels"].items():
            before = self.panels.get(key, {"values": {}})
            self.panels[key] = panel | {"values": before["values"] | panel["values"]}


@asynccontextmanager
async def listening(
    feed: Feed, scenes: Sequence[str] = ("cases",), after: int | None = None
) -> AsyncIterator[Follower]:
    """A follower that has its scenes whole."""
    follower = Follower()
    task = asyncio.create_task(follower.listen(feed, ["cases"], after))
    try:
        await until(lambda: len(follower.panels) == 2)
        yield follower
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what other tasks are about to do."""

    async def look() -> None:
        while not is_so():
            await asyncio.sleep(0.005)

    await asyncio.wait_for(look(), 20)


async def step(feed: Feed, clock: FakeClock, seconds: float = 0.2) -> None:
    clock.advance(seconds)
    await feed.step()


def test_a_scene_comes_whole_and_then_only_what_changed(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed, listening(feed) as follower:
            assert follower.values == {"cases-count": {"open": 1, "fixed": 1}, "cases-alarms": {"active": 0}}
            assert follower.panels["cases-count"]["state"] == "live"
            store.put(case("2"))
            await step(feed, clock)
            await until(lambda: follower.values["cases-count"]["open"] == 2)
            assert set(follower.events[-1]["panels"]) == {"cases-count"}
            assert follower.events[-1]["panels"]["cases-count"]["values"] == {"open": 2}

    asyncio.run(scene())


def test_a_scene_nobody_follows_is_not_built(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            store.put(case("2"))
            await step(feed, clock)
            await step(feed, clock, 60.0)
            assert builds == []

    asyncio.run(scene())


def test_a_scene_is_built_for_a_minute_longer_than_it_is_followed(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            async with listening(feed):
                pass
            store.put(case("2"))
            await step(feed, clock, 30.0)
            assert len(builds) == 2
            await step(feed, clock, 31.0)
            store.put(case("3"))
            await step(feed, clock, 30.0)
            assert len(builds) <= 3  # the step in which the minute was over

    asyncio.run(scene())


def test_who_comes_back_is_given_the_scene_whole_again(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            for _ in range(2):
                async with listening(feed, after=feed.seq) as follower:
                    assert follower.values["cases-count"] == {"open": 1, "fixed": 1}
            assert builds == ["cases-count"]

    asyncio.run(scene())


def test_frames_are_the_same_bytes_whether_scenes_are_followed_or_not() -> None:
    async def frames(scenes: list[str]) -> list[tuple[str, Any]]:
        store, clock = make_store(), FakeClock(NOW)
        async with following(store, clock) as feed:
            before = feed.seq
            task = asyncio.create_task(Follower().listen(feed, scenes, None))
            for number in range(3):
                store.put(case(f"n{number}"), alarm(f"a{number}"))
                await step(feed, clock, 1.0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            async with aclosing(feed.subscribe(before)) as stream:
                await anext(stream)
                return events_of(await anext(stream))

    assert asyncio.run(frames([])) == asyncio.run(frames(["cases"]))


def test_ages_of_a_scene_move_with_the_beats(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed, listening(feed) as follower:
            await step(feed, clock, 10.0)
            await until(lambda: any("as_of" in event for event in follower.events))

    asyncio.run(scene())


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["case", "alarm"]), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.sampled_from([0.05, 0.2, 1.0, 10.0])),
    ),
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_merging_what_changed_ends_at_the_same_picture_as_the_whole(changes: list[Any]) -> None:
    async def scene() -> None:
        store, clock = make_store(), FakeClock(NOW)
        async with following(store, clock) as feed, listening(feed) as follower:
            for what, argument in changes:
                if what == "wait":
                    await step(feed, clock, argument)
                else:
                    store.put(case(f"n{argument}") if what == "case" else alarm(f"a{argument}"))
            await step(feed, clock, 2.0)
            async with listening(feed) as late:
                await until(lambda: follower.values == late.values)

    asyncio.run(scene())


def test_a_panel_by_choice_is_computed_once_for_all_who_choose_the_same(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            bodies = await asyncio.gather(*[feed.panel("cases-count", {"state": "open"}) for _ in range(5)])
            assert len(set(bodies)) == 1
            assert builds.count("choice") == 1
            answer = json.loads(bodies[0])
            assert answer["panel"]["values"]["open"] == -1
            assert answer["choice"] == {"state": "open"}
            clock.advance(1.1)
            await feed.panel("cases-count", {"state": "open"})
            assert builds.count("choice") == 2

    asyncio.run(scene())


def test_without_a_choice_a_panel_is_the_one_everybody_sees(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            assert json.loads(await feed.panel("cases-count", {}))["panel"]["values"]["open"] == 1

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("panel", "choice", "allowed"), [("cases-count", {"x": "1"}, ("state",)), ("cases-alarms", {"x": "1"}, ())]
)
def test_an_unknown_choice_says_what_is_allowed(
    store: MemoryStore, clock: FakeClock, panel: str, choice: dict[str, str], allowed: tuple[str, ...]
) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            with pytest.raises(ChoiceError) as raised:
                await feed.panel(panel, choice)
            assert raised.value.allowed == allowed

    asyncio.run(scene())


def test_too_many_different_choices_at_once_are_refused(store: MemoryStore, clock: FakeClock) -> None:
    async def scene() -> None:
        async with following(store, clock) as feed:
            asked = [feed.panel("cases-count", {"state": str(number)}) for number in range(80)]
            answers = await asyncio.gather(*asked, return_exceptions=True)
            assert sum(isinstance(answer, Overloaded) for answer in answers) == 16
            assert not any(isinstance(answer, ChoiceError) for answer in answers)

    asyncio.run(scene())
