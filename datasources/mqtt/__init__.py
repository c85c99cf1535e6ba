"""MQTT brokers: any topic, any payload, by mapping."""

from datasources.mqtt.options import MqttOptions as OPTIONS
from datasources.mqtt.source import MANIFEST, build

__all__ = ["MANIFEST", "OPTIONS", "build"]
