"""What `[sources.options]` of a `sensorthings` source may hold."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from datasources.asking.options import AskingOptions
from datasources.mapping.options import ThresholdOptions
from datasources.mqtt.broker import BrokerOptions


class MqttOptions(BrokerOptions):
    """`[sources.options.mqtt]`: the broker of the server's MQTT extension."""

    url: str = Field(description="mqtt://host:1883 or mqtts://host:8883")
    topics: tuple[str, ...] = Field((), description="instead of one topic for each datastream")
    keepalive_s: int = Field(120, ge=60, le=3600)  # longer than one list of all Things takes


class SensorThingsOptions(AskingOptions):
    """Options of `sensorthings`."""

    path: str = Field("v1.1", description="below `url`: where the server's Things begin")
    sensors: Literal["auto", "things", "datastreams"] = Field(
        "auto", description="what is a sensor; auto: a Thing, or each Datastream where the server lists no Things"
    )
    sensor_kind: str = Field("", description="kind of sensors whose Things name none")
    full_every_s: float = Field(120.0, ge=1, description="city seconds between two lists of all Things")
    backfill_s: float = Field(0.0, ge=0, description="readings of the time before the first start")
    data_array: bool = Field(False, description="ask for readings as dataArray: a third of the bytes")
    multi_datastreams: bool = Field(False, description="the server has MultiDatastreams; each part is a datastream")
    thresholds: dict[str, list[ThresholdOptions]] = Field(
        default_factory=dict, description="limits by observed property, where the server gives none"
    )
    mqtt: MqttOptions | None = Field(None, description="readings as they happen, by the MQTT extension")
