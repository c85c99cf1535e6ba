"""`/healthz` and `/metrics`: whether this wall may be trusted, for probes and for Prometheus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest

from callbacks.routes.collections import iso
from callbacks.routes.settings import settings_body
from callbacks.services import Services
from callbacks.share_metrics import ShareMetrics
from situation.clock import Clock
from situation.records import Health, SourceHealth
from situation.store import StoreError
from situation.store.deliveries import Delivery

COLLECTOR = "collector"
"""Id of the record in which the collector reports itself: its heartbeat."""

COLLECTOR_STALE_S = 30.0
"""Real seconds without a heartbeat after which the collector counts as dead."""

WORKING = frozenset({Health.OK, Health.DEGRADED})
"""Health of a source that delivers."""

LAG_BUCKETS = (0.02, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 2.0, 5.0, 15.0, 60.0)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. `age_s` is in real seconds, None when unknown."""

    is_ok: bool
    note: str = ""
    age_s: float | None = None

    def body(self) -> dict[str, Any]:
        """As shown in the answer."""
        age_s = None if self.age_s is None else round(self.age_s, 1)
        return {"ok": self.is_ok, "note": self.note, "age_s": age_s}


def real_age_s(clock: Clock, at: datetime | None) -> float | None:
    """How long ago that was in real seconds, whatever the speed of the city's clock."""
    return None if at is None else clock.real_s((clock.now() - at).total_seconds())


def check_collector(clock: Clock, sources: list[SourceHealth]) -> Check:
    """Whether the collector has reported itself lately."""
    record = next((source for source in sources if source.id == COLLECTOR), None)
    if record is None:
        return Check(False, "the collector has not reported yet")
    age_s = real_age_s(clock, record.succeeded_at)
    if record.state is Health.UNAVAILABLE:
        return Check(False, record.error or "the collector is down", age_s)
    if age_s is None or abs(age_s) > COLLECTOR_STALE_S:
        return Check(False, "the collector has not reported lately", age_s)
    return Check(True, "", age_s)


class Metrics:
    """Our own registry: few series, whatever the size of the city. Labels are keys of sources and shares only."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.registry = CollectorRegistry()
        self._shares = ShareMetrics(self.registry)
        labels = ("source",)
        self._success = Gauge(
            "onescreen_source_last_success_seconds", "Last success (city time)", labels, registry=self.registry
        )
        self._content = Gauge(
            "onescreen_source_content_seconds", "Newest time in its content (city time)", labels, registry=self.registry
        )
        self._is_ok = Gauge("onescreen_source_ok", "1 when its health is ok", labels, registry=self.registry)
        self._rejected = Gauge(
            "onescreen_source_rejected_records", "Records rejected so far", labels, registry=self.registry
        )
        self._clients = Gauge("onescreen_feed_clients", "Screens on this web process", registry=self.registry)
        self._now = Gauge("onescreen_city_time_seconds", "The city's time now", registry=self.registry)
        self._lag = Histogram(
            "onescreen_feed_lag_seconds",
            "Oldest change of a frame until the frame left (real seconds)",
            buckets=LAG_BUCKETS,
            registry=self.registry,
        )
        self._bytes = Histogram(
            "onescreen_feed_frame_bytes",
            "Size of a frame",
            buckets=(100, 1_000, 3_000, 10_000, 30_000, 100_000, 1_000_000),
            registry=self.registry,
        )

    def on_frame(self, oldest_at: datetime | None, sent_at: datetime, size: int) -> None:
        """A frame has left; one that time alone made has no lag."""
        if oldest_at is not None:
            self._lag.observe(max(0.0, self._services.clock.real_s((sent_at - oldest_at).total_seconds())))
        self._bytes.observe(size)

    def text(self, sources: list[SourceHealth]) -> bytes:
        """Everything in Prometheus' text format. Blocking."""
        self._shares.show(self._deliveries())
        for gauge in (self._success, self._content, self._is_ok, self._rejected):
            gauge.clear()
        for source in sources:
            if source.succeeded_at is not None:
                self._success.labels(source.id).set(source.succeeded_at.timestamp())
            if source.content_at is not None:
                self._content.labels(source.id).set(source.content_at.timestamp())
            self._is_ok.labels(source.id).set(source.state is Health.OK)
            self._rejected.labels(source.id).set(source.rejected_total)
        self._clients.set(self._services.feed.clients)
        self._now.set(self._services.clock.now().timestamp())
        text: bytes = generate_latest(self.registry)
        return text

    def _deliveries(self) -> list[Delivery]:
        """How far shares were told; none while the store can't be read, which /healthz says."""
        try:
            return list(self._services.store.deliveries.all().values())
        except StoreError:
            return []


def routes(services: Services) -> APIRouter:
    """The two routes for machines that watch this one."""
    router = APIRouter(tags=["operation"])
    metrics = Metrics(services)
    services.feed.on_frame(metrics.on_frame)

    async def read_sources() -> tuple[Check, list[SourceHealth]]:
        try:
            sources = list(await services.readers.run(services.store.sources))
        except StoreError as error:
            return Check(False, str(error)), []
        return Check(True), sources

    @router.get("/healthz", responses={503: {"description": "not to be trusted"}})
    async def healthz() -> JSONResponse:
        """200 when feed, store and collector are alive; 503 with the reason when the wall can't be trusted."""
        store, sources = await read_sources()
        checks = {"feed": check_feed(services), "store": store, COLLECTOR: check_collector(services.clock, sources)}
        is_ok = all(check.is_ok for check in checks.values())
        upstreams = [source.state for source in sources if source.id != COLLECTOR]
        body = {
            "ok": is_ok,
            "at": iso(services.clock.now()),
            "release": services.release,
            "checks": {name: check.body() for name, check in checks.items()},
            "settings": settings_body(services),
            "sources": {
                "total": len(upstreams),
                "starting": upstreams.count(Health.STARTING),
                "working": sum(state in WORKING for state in upstreams),
            },
        }
        return JSONResponse(body, 200 if is_ok else 503, headers={"cache-control": "no-store"})

    @router.get("/metrics", response_class=Response)
    async def show_metrics() -> Response:
        """Prometheus metrics: successes of sources, deliveries to shares, lag of the feed, number of screens."""
        _, sources = await read_sources()
        text = await services.readers.run(metrics.text, sources)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return router


def check_feed(services: Services) -> Check:
    """Whether the feed's own task is alive and has looked at the change log lately."""
    health = services.feed.health()
    return Check(health.is_ok, health.reason)
