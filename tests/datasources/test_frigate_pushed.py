"""What docs/kinds/cameras.md says of Frigate over MQTT, tried with the messages of Frigate's own documentation."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from source_settings import Block

from datasources.http import HttpClient
from datasources.mqtt import build
from datasources.mqtt.broker import Message
from situation.clock import FakeClock
from situation.records import Alarm

PAGE = Path(__file__).parents[2] / "docs" / "kinds" / "cameras.md"
COMMENT = re.compile(r"\s//[^\n]*")


def block() -> dict[str, Any]:
    """The block of kind `mqtt` on the page."""
    found = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)]
    (source,) = (source for each in found for source in each["sources"] if source["kind"] == "mqtt")
    return source


def sample(shared_data: Path, number: int) -> dict[str, Any]:
    """One message of the documentation, without its comments."""
    text = (shared_data / "cameras" / "frigate" / f"mqtt-sample-{number:02}.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(COMMENT.sub("", text))
    return document


@pytest.mark.parametrize(
    ("topic", "number", "name"),
    [("frigate/events", 1, "person John Smith"), ("frigate/reviews", 7, "person car Bob")],
)
def test_event_told_three_times_is_one_alarm_that_ends(
    shared_data: Path, clock: FakeClock, topic: str, number: int, name: str
) -> None:
    told = block()
    source = build(Block(kind="mqtt", url=told["url"], options=told["options"]), HttpClient(clock=clock))
    update = sample(shared_data, number)
    clock.at = datetime.fromtimestamp(update["after"]["start_time"], UTC) + timedelta(seconds=10)
    new = update | {"type": "new", "after": update["before"]}
    end = update | {"type": "end", "after": update["after"] | {"end_time": update["after"]["start_time"] + 9}}
    messages = [
        Message(topic=topic, payload=json.dumps(each).encode(), mid=at, qos=1)
        for at, each in enumerate((new, update, end))
    ]
    batches = [source.reader.read([message], clock.now(), 0.0) for message in messages]
    alarms = [record for batch in batches for record in batch.records if isinstance(record, Alarm)]
    assert [batch.rejected for batch in batches] == [()] * 3
    assert len({alarm.id for alarm in alarms}) == 1
    assert alarms[1].name == name
    assert alarms[1].about == f"camera/market.{update['after']['camera']}"
    assert [alarm.ended_at is None for alarm in alarms] == [True, True, False]
    assert alarms[1].rule == "video"
