"""Cameras that say they are online while their pictures stand still or show nothing."""

from __future__ import annotations

import numpy as np

from situation.live import Moment
from situation.live.columns import epoch_ms
from situation.live.finding import row_of
from situation.live.moment import ONLINE
from situation.panels.definition import Values
from situation.panels.video.tiles import camera_row
from situation.pictures import Verdict

MOST_ROWS = 40


def build_dead(moment: Moment) -> Values:
    """The newest first. `judged` of the `online` cameras had enough pictures looked at to say anything of them."""
    if not moment.has_delivered("camera"):
        return {"rows": [], "counts": None, "judged": None, "online": None}
    pictures = moment.context.pictures
    counts = dict.fromkeys((verdict.value for verdict in Verdict), 0)
    rows = []
    for camera_id, finding in pictures.findings.items():
        row = row_of(moment, "camera", camera_id)
        if row is None or moment.camera_states[row] != ONLINE:
            continue
        counts[finding.verdict.value] += 1
        rows.append({**camera_row(moment, row), "checked_at": epoch_ms(finding.checked_at)})
    rows.sort(key=lambda row: (-row["since"], row["id"]))
    return {
        "rows": rows[:MOST_ROWS],
        "counts": counts,
        "judged": pictures.judged_count,
        "online": int(np.count_nonzero(moment.camera_states == ONLINE)),
    }
