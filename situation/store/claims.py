"""What one source says of the records of one kind: a few numbers of each, packed, for large cities have a million."""

from __future__ import annotations

from collections.abc import KeysView
from struct import Struct
from typing import NamedTuple

_FORM = Struct("<qq??qqqdd")
_SIZE = _FORM.size
_UNKNOWN_MS = -(2**63)
_UNKNOWN_DEG = float("inf")


class Claim(NamedTuple):
    """What one source says of a record.

    `number` is the record's own, whoever speaks of it. `is_primary`: the source's word counts. `told_at_ms` is the
    record's own time when it was last announced. Epoch milliseconds; None is unknown.
    """

    number: int
    digest: int
    is_living: bool = True
    is_primary: bool = False
    revised_at_ms: int | None = None
    seen_at_ms: int | None = None
    told_at_ms: int | None = None
    lon: float | None = None
    lat: float | None = None


class Claims:
    """Claims by id. One takes 0.2 kB; as an object with its numbers it took 0.8."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._free: list[int] = []
        self._packed = bytearray()

    @property
    def ids(self) -> KeysView[str]:
        """Ids of all records claimed: a set that follows what is put and dropped."""
        return self._rows.keys()

    def get(self, record_id: str) -> Claim | None:
        """The claim on a record as it was put, None when there is none."""
        row = self._rows.get(record_id)
        if row is None:
            return None
        number, digest, living, primary, revised, seen, told, lon, lat = _FORM.unpack_from(self._packed, row * _SIZE)
        return Claim(
            number,
            digest,
            living,
            primary,
            None if revised == _UNKNOWN_MS else revised,
            None if seen == _UNKNOWN_MS else seen,
            None if told == _UNKNOWN_MS else told,
            None if lon == _UNKNOWN_DEG else lon,
            None if lat == _UNKNOWN_DEG else lat,
        )

    def put(self, record_id: str, claim: Claim) -> None:
        """Keep a claim in place of what was claimed before."""
        row = self._rows.get(record_id)
        if row is None:
            row = self._rows[record_id] = self._free.pop() if self._free else len(self._packed) // _SIZE
            if row * _SIZE == len(self._packed):
                self._packed += bytes(_SIZE)
        number, digest, is_living, is_primary, revised, seen, told, lon, lat = claim
        _FORM.pack_into(
            self._packed,
            row * _SIZE,
            number,
            digest,
            is_living,
            is_primary,
            _UNKNOWN_MS if revised is None else revised,
            _UNKNOWN_MS if seen is None else seen,
            _UNKNOWN_MS if told is None else told,
            _UNKNOWN_DEG if lon is None else lon,
            _UNKNOWN_DEG if lat is None else lat,
        )

    def drop(self, record_id: str) -> Claim | None:
        """End a claim; returns what it was."""
        claim = self.get(record_id)
        if claim is not None:
            self._free.append(self._rows.pop(record_id))
        return claim
