"""Bodies that systems pushed (messages of a broker, calls of a webhook) to one batch, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from datasources.contract import Batch, Rejection, SourceAuthFailed, SourceDataError, SourceSettings
from datasources.fields import newest
from datasources.formats import FormOptions, read_rows
from datasources.mapping import RowMapping, read_mapping
from datasources.remembering import Remembered
from situation.crs import Crs
from situation.records import Observation, Record

RECEIVED_AT = "{received_at}"
"""The column that holds when a body came, in epoch seconds; absent where that says nothing of its content."""

_TIME = "observed_at"
_LABEL_LENGTH = 100


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How bodies of one sort are read. `fills_time`: a reading without a time is of when its body came.

    `says_state`: they tell whether a camera lives.
    """

    form: FormOptions
    mapping: RowMapping
    fills_time: bool
    says_state: bool


@dataclass(slots=True)
class _Rows:
    rows: list[Any] = field(default_factory=list)
    geometries: list[Any] = field(default_factory=list)


class Gathering:
    """Bodies on their way to one batch: what can't be read costs itself and is counted."""

    def __init__(self) -> None:
        self._found: dict[Reading, _Rows] = defaultdict(_Rows)
        self._rejected: list[Rejection] = []

    def reject(self, label: str, reason: str) -> None:
        """Count a body that is not even looked into."""
        self._rejected.append(Rejection(label[:_LABEL_LENGTH], reason))

    def add(
        self,
        reading: Reading,
        label: str,
        body: bytes,
        *,
        content_type: str = "",
        columns: Mapping[str, Any] | None = None,
        received_s: float | None = None,
    ) -> None:
        """Take in one body. `columns` are added to each of its rows, `received_s` (epoch) as `{received_at}`."""
        try:
            told = read_rows(body, reading.form, content_type, is_message=True)
        except (SourceDataError, SourceAuthFailed) as error:
            self.reject(label, error.safe_text)
            return
        into = self._found[reading]
        more = dict(columns or {})
        if received_s is not None:
            more[RECEIVED_AT] = received_s
        fills_time = reading.fills_time and received_s is not None
        for row in told.rows:
            if isinstance(row, dict):
                row = row | more
                if fills_time:
                    row.setdefault(_TIME, received_s)
            into.rows.append(row)
        into.geometries += told.geometries or [None] * len(told.rows)

    def batch(self, remembered: Remembered, now: datetime, now_s: float) -> Batch:
        """Everything together; without `content_at` where no content says its time. `now_s` is real, monotonic."""
        records: list[Record] = []
        observations: list[Observation] = []
        times: list[datetime | None] = []
        for reading, found in self._found.items():
            mapped = reading.mapping.read(found.rows, found.geometries, now=now)
            records += remembered.complete(mapped.records, now_s, says_state=reading.says_state)
            observations += mapped.observations
            self._rejected += mapped.rejected
            times.append(mapped.newest_at)
        return Batch(
            records=tuple({(record.kind, record.id): record for record in records}.values()),
            observations=tuple(observations),
            rejected=tuple(self._rejected),
            content_at=newest(times),
        )


def read_reading(settings: SourceSettings, crs: Crs) -> Reading:
    """The reading that a source's options describe; raises OptionsError."""
    options = settings.options
    form = FormOptions(**{name: options[name] for name in FormOptions.model_fields if name in options})
    named = {*options.get("fields", {}), *options.get("constants", {})}
    return Reading(
        form=form,
        mapping=read_mapping(settings, crs),
        fills_time=_TIME not in named,
        says_state="state" in named or "alive_for_s" in options,
    )
