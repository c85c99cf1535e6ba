"""Whether a camera's pictures are alive, judged over several of them while time passes, never from one.

Frozen: the same picture to the last pixel. A living sensor has noise and most cameras a clock in the picture, so two
equal ones in half a minute do not happen; a frozen picture over which a recorder still writes the time passes for
alive, because from an empty street only a person can tell it. Dead: nothing in it, black or one colour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from situation.pictures.looking import Look

LEAST_SAME = 4
"""So many fetches must have given the same picture."""

LEAST_PLAIN = 3
PLAIN_AFTER_S = 4.0
"""Some cameras answer the first question after a pause with an empty frame."""

LONGEST_GAP_S = 3_600.0
"""What was seen longer ago says nothing of whether the picture moved since."""


class Verdict(StrEnum):
    """What is wrong with a camera's pictures."""

    FROZEN = "frozen"
    BLACK = "black"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of one camera: a run of equal pictures, a run of plain ones. `_s` are on the monotonic clock."""

    look: Look
    at: datetime
    at_s: float
    same_since: datetime
    same_since_s: float
    same_count: int = 1
    plain_since: datetime | None = None
    plain_since_s: float = 0.0
    plain_count: int = 0
    seen_count: int = 1


def first_seen(look: Look, at: datetime, at_s: float) -> Evidence:
    """The evidence of a single picture."""
    evidence = Evidence(look, at, at_s, at, at_s)
    return replace(evidence, plain_since=at, plain_since_s=at_s, plain_count=1) if look.is_plain else evidence


def seen_again(before: Evidence | None, look: Look, at: datetime, at_s: float) -> Evidence:
    """The evidence with one more picture. A clock that went back, or too long a gap, begins anew."""
    if before is None or not 0 <= at_s - before.at_s <= LONGEST_GAP_S:
        return first_seen(look, at, at_s)
    fresh = replace(first_seen(look, at, at_s), seen_count=before.seen_count + 1)
    if look.fingerprint == before.look.fingerprint:
        fresh = replace(
            fresh,
            same_since=before.same_since,
            same_since_s=before.same_since_s,
            same_count=before.same_count + 1,
        )
    if look.is_plain and before.plain_count:
        fresh = replace(
            fresh,
            plain_since=before.plain_since,
            plain_since_s=before.plain_since_s,
            plain_count=before.plain_count + 1,
        )
    return fresh


def judged(evidence: Evidence, frozen_after_s: float) -> tuple[Verdict, datetime] | None:
    """What is wrong and since when at least; None while nothing is, or too little was seen.

    A plain picture is dead whether it stands still or not; that says more than "frozen".
    """
    plain_s = evidence.at_s - evidence.plain_since_s
    if evidence.plain_since is not None and evidence.plain_count >= LEAST_PLAIN and plain_s >= PLAIN_AFTER_S:
        return (Verdict.BLACK if evidence.look.is_black else Verdict.BLANK), evidence.plain_since
    if evidence.same_count >= LEAST_SAME and evidence.at_s - evidence.same_since_s >= frozen_after_s:
        return Verdict.FROZEN, evidence.same_since
    return None


def is_judged(evidence: Evidence, frozen_after_s: float) -> bool:
    """Whether enough was seen to say that a picture lives, or that it does not."""
    return evidence.seen_count > evidence.same_count or judged(evidence, frozen_after_s) is not None
