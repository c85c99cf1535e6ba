"""The options of the `mqtt` source."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from datasources.formats import FormOptions
from datasources.mapping import MappingOptions
from datasources.mqtt.broker import BrokerOptions
from datasources.mqtt.topics import read_filter
from datasources.options import OptionTable


def _is_filter(text: str) -> str:
    read_filter(text)
    return text


TopicFilter = Annotated[str, AfterValidator(_is_filter)]


class TopicOptions(MappingOptions, FormOptions):
    """`[[sources.options.topics]]`: one topic filter, and what its messages are; the rest as for the whole source."""

    topic: TopicFilter


class AvailableOptions(OptionTable):
    """`[sources.options.available]`: the topic (a last will) that tells whether the system behind the broker lives."""

    topic: TopicFilter
    online: tuple[str, ...] = ("online",)


class MqttOptions(BrokerOptions, MappingOptions, FormOptions):
    """What an `mqtt` source can be told: its broker, its topics, and the mapping of their messages."""

    topics: tuple[TopicOptions, ...] = Field(min_length=1)
    available: AvailableOptions | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_topics(cls, given: Any) -> Any:
        """A topic without a mapping of its own may be written as text."""
        if isinstance(given, dict) and isinstance(given.get("topics"), list | tuple):
            topics = [{"topic": each} if isinstance(each, str) else each for each in given["topics"]]
            return {**given, "topics": topics}
        return given
