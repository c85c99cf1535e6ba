"""How far each share with a webhook was told of changes, for Prometheus. Labels are keys of shares only."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Gauge

from situation.store.deliveries import Delivery


class ShareMetrics:
    """Three series for each share that was ever told something or tried to be; none for the others."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("share",)
        self._delivered = Gauge(
            "onescreen_share_last_delivery_seconds", "Last message taken (city time)", labels, registry=registry
        )
        self._attempts = Gauge(
            "onescreen_share_failed_attempts",
            "Attempts in vain since the last one taken",
            labels,
            registry=registry,
        )
        self._told = Gauge("onescreen_share_told_seq", "Place in the change log told up to", labels, registry=registry)

    def show(self, deliveries: Iterable[Delivery]) -> None:
        """These and no others; who never took a message has no time of the last one."""
        for gauge in (self._delivered, self._attempts, self._told):
            gauge.clear()
        for delivery in deliveries:
            if delivery.delivered_at is not None:
                self._delivered.labels(delivery.share).set(delivery.delivered_at.timestamp())
            self._attempts.labels(delivery.share).set(delivery.attempts)
            self._told.labels(delivery.share).set(delivery.seq)
