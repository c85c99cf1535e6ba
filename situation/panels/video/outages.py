"""Outages of cameras: which went together, and what they have in common. Every offline camera is in one part."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from situation.health import LIVING
from situation.live import Moment
from situation.live.columns import NO_TIME
from situation.live.moment import OFFLINE, UNKNOWN
from situation.panels.definition import Values
from situation.panels.video.clusters import Cause, Cluster, clusters
from situation.panels.video.wall import source_names
from situation.rules.outages import RULE

WINDOW_MS = 5 * 60_000
"""Cameras of one cause are noticed one after the other, as their keep-alives run out."""

RECENT_MS = 24 * 3_600_000
"""What went longer ago is not explained by what else went then: it waits for repair."""

MOST_ROWS = 20
_NO_NAMES = ("", "")


def build_outages(moment: Moment) -> Values:
    """Clusters, the largest first; `offline` = cameras in clusters (`together`) + `scattered` + `long_ago`."""
    if not moment.has_delivered("camera"):
        return {"rows": [], **dict.fromkeys(("offline", "together", "scattered", "long_ago", "unknown"))}
    table = moment.live.tables["camera"]
    offline = np.flatnonzero(moment.camera_states == OFFLINE)
    lost_ms = table["seen_ms"][offline]
    is_recent = (lost_ms != NO_TIME) & (lost_ms > moment.at_ms - RECENT_MS)
    recent = offline[is_recent].astype(np.int64)
    found = clusters(recent, lost_ms[is_recent], _causes(moment), WINDOW_MS)
    together = sum(len(cluster.rows) for cluster in found)
    rows = [*_dead_platforms(moment), *(_row(moment, cluster) for cluster in found)]
    return {
        "rows": rows[:MOST_ROWS],
        "offline": len(offline),
        "together": together,
        "scattered": len(recent) - together,
        "long_ago": len(offline) - len(recent),
        "unknown": int(np.count_nonzero(moment.camera_states == UNKNOWN)),
    }


def _causes(moment: Moment) -> tuple[Cause, ...]:
    """From the narrowest to the widest: a switch explains more than a street, a street more than a platform."""
    table = moment.live.tables["camera"]

    def keys(column: str) -> npt.NDArray[np.int64]:
        codes = table[column].astype(np.int64)
        return np.where(codes == 0, -1, codes)

    return (
        Cause("hub", keys("hub"), least=5, share=0.4),
        Cause("street", keys("street"), least=8, share=0.03),
        Cause("source", keys("source"), least=30, share=0.02),
        Cause("department", keys("department"), least=30, share=0.02),
    )


def _dead_platforms(moment: Moment) -> list[Values]:
    """Platforms of which nothing is known any more: their cameras are unknown, not offline."""
    names = source_names(moment)
    counts = moment.source_counts(["camera"])["camera"]
    return [
        {
            "key": f"platform/{source.id}",
            "cause": "platform",
            "value": source.id,
            "name": names[source.id][0],
            "name_en": names[source.id][1],
            "street": "",
            "street_en": "",
            "lost": counts.get(source.id, 0),
            "of": counts.get(source.id, 0),
            "first_at": None if source.succeeded_at is None else round(source.succeeded_at.timestamp() * 1000),
            "last_at": None,
            "alarm": None,
        }
        for source in moment.sources_of(["camera"])
        if moment.source_states[source.id] not in LIVING and counts.get(source.id, 0)
    ]


def _row(moment: Moment, cluster: Cluster) -> Values:
    table = moment.live.tables["camera"]
    words = moment.live.words
    key = words.word(cluster.key)
    streets = np.unique(table["street"][cluster.rows])
    street = words.word(int(streets[0])) if len(streets) == 1 else ""
    names = {
        "street": moment.street_names,
        "department": moment.department_names,
        "source": source_names(moment),
    }.get(cluster.cause, {})
    name, name_en = names.get(key, (key, ""))
    street_name, street_en = moment.street_names.get(street, _NO_NAMES)
    return {
        "key": f"{cluster.cause}/{key}/{cluster.first_ms}",
        "cause": cluster.cause,
        "value": key,
        "name": name,
        "name_en": name_en,
        "street": street_name,
        "street_en": street_en,
        "lost": len(cluster.rows),
        "of": cluster.of,
        "first_at": cluster.first_ms,
        "last_at": cluster.last_ms,
        "alarm": _alarm_of(moment, street),
    }


def _alarm_of(moment: Moment, street: str) -> str | None:
    """The active alarm of this street's outage, if the rules raised one."""
    about = f"area/{street}"
    alarms = (alarm for _, alarm in moment.active_alarms if alarm.rule == RULE and alarm.about == about and street)
    return next((alarm.id for alarm in alarms), None)
