"""Rows to alarms that devices raise: events of AI cameras, alarms of panels and detectors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from datasources.contract import RecordRejected
from datasources.mapping.cases import PRIORITIES
from datasources.mapping.spec import Finish, Row, Spec
from situation.records import Alarm, Record

DEVICE = "device"
"""The rule of an alarm whose device names none."""


def finish_alarm(spec: Spec) -> Finish:
    """How a row becomes an Alarm; one without a beginning is rejected.

    It is active until it has an end. With `active_for_s` it ends by itself, at once or when it is read again.
    """
    lasts_s = spec.options.active_for_s

    def finish(row: Row, given: dict[str, Any]) -> Record:
        started_at = given.get("started_at")
        if started_at is None:
            raise RecordRejected(row.id, "no started_at")
        if given.get("priority") not in PRIORITIES:
            given.pop("priority", None)
        given.setdefault("updated_at", given.get("ended_at") or started_at)
        if lasts_s is not None and "ended_at" not in given:
            ends_at = started_at + timedelta(seconds=lasts_s)
            if lasts_s == 0 or (row.now and row.now >= ends_at):
                given["ended_at"] = ends_at
        given.setdefault("rule", DEVICE)
        return Alarm(id=row.id, lon=row.position[0], lat=row.position[1], **given)

    return finish
