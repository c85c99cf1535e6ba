"""A department's own adapter: pumping stations that answer `{"pumps": [{"no", "station", "kw", "at"}]}`."""

from __future__ import annotations

from datasources.adapter import Adapter
from datasources.contract import Batch, FetchContext, Manifest, RecordRejected
from datasources.fields import Raw, each, identifier, instant, newest, number, rows, text
from datasources.options import Options
from situation.records import Datastream, Observation, Sensor


class PumpOptions(Options):
    """What `[sources.options]` may hold."""

    sensor_kind: str = "pump"


class PumpSource(Adapter):
    """All pumps with their load, once a minute."""

    MANIFEST = Manifest(kind="pumps", records=("sensor",), interval_s=60, stale_after_s=300)
    OPTIONS = PumpOptions
    options: PumpOptions

    def fetch(self, context: FetchContext) -> Batch:
        """Everything in one reply."""
        document = self.http.get(self.settings.url, deadline_s=context.deadline_monotonic_s).json()
        pumps, rejected = each(rows(document["pumps"], "pumps"), self._pump)
        return Batch(
            records=tuple(sensor for sensor, _ in pumps),
            observations=tuple(reading for _, reading in pumps),
            rejected=tuple(rejected),
            complete=frozenset({"sensor"}),  # this is everything: what is missing is gone
            content_at=newest(reading.observed_at for _, reading in pumps),
        )

    def _pump(self, row: Raw) -> tuple[Sensor, Observation]:
        own_id, at, load = identifier(row, "no"), instant(row["at"], self.settings.timezone), number(row["kw"])
        if at is None or load is None:
            raise RecordRejected(f"{self.key}.{own_id}", "no load")
        stream = Datastream(id=f"{self.key}.{own_id}", observed_property="load", unit="kW", interval_s=60)
        given = {"name": text(row, "station"), "department": self.settings.department, "datastreams": (stream,)}
        sensor = Sensor(id=stream.id, source=self.key, sensor_kind=self.options.sensor_kind, **given)
        return sensor, Observation(stream.id, at, load)
