"""One camera as tiles and lists show it."""

from __future__ import annotations

from situation.live import Moment
from situation.live.columns import NO_TIME, epoch_ms
from situation.live.moment import ONLINE
from situation.live.schema import DEVICE_STATES
from situation.panels.definition import Values

_NO_NAMES = ("", "")


def camera_row(moment: Moment, row: int) -> Values:
    """A camera. `seen_at` only of one that is not online; `finding` what is wrong with its pictures, null if nothing.

    What is offline gives no pictures: what was found of earlier ones is not told then.
    """
    table = moment.live.tables["camera"]
    words = moment.live.words
    state = DEVICE_STATES[moment.camera_states[row]]
    is_online = state is DEVICE_STATES[ONLINE]
    seen_ms = int(table["seen_ms"][row])
    street, street_en = moment.street_names.get(words.word(int(table["street"][row])), _NO_NAMES)
    finding = moment.context.pictures.finding(table["id"][row]) if is_online else None
    return {
        "id": table["id"][row],
        "number": int(table.numbers[row]),
        "name": table["name"][row],
        "address": table["address"][row],
        "street": street,
        "street_en": street_en,
        "state": state.value,
        "seen_at": None if seen_ms == NO_TIME or is_online else seen_ms,
        "finding": None if finding is None else finding.verdict.value,
        "since": None if finding is None else epoch_ms(finding.since),
    }
