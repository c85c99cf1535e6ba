"""The writer's memory: number and digests of every record, so that a poll without news costs no query."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from situation.records import Health, SourceHealth
from situation.store import tables
from situation.store.codec import decode

DEAD_HEALTH = frozenset({Health.STALE, Health.UNAVAILABLE, Health.AUTH_FAILED, Health.PAUSED})
"""A source in one of these states has nothing to say about who is alive."""


@dataclass(slots=True)
class Claim:
    """What one source says of a record."""

    source: str
    digest: int
    is_living: bool
    revised_at_ms: int | None
    seen_at_ms: int | None
    lon: float | None
    lat: float | None
    told_at_ms: int | None = None  # the record's own time when it was last announced


@dataclass(slots=True)
class Identity:
    """A (kind, id) with its number, everyone who claims it and whose word counts."""

    number: int
    claims: list[Claim] = field(default_factory=list)
    primary: str = ""

    def claim_of(self, source: str) -> Claim | None:
        """The claim of a source, None when it makes none."""
        return next((claim for claim in self.claims if claim.source == source), None)


class WriterIndex:
    """Identities by kind and id, and which ids each source claims."""

    def __init__(self) -> None:
        self.identities: dict[str, dict[str, Identity]] = defaultdict(dict)
        self.claimed: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.datastreams: dict[str, tuple[int, int | None]] = {}  # number, newest reading
        self.datastream_ids: dict[int, str] = {}
        self.buckets: set[int] = set()  # hours known to be marked as not rolled up
        self.dead_sources: set[str] = set()
        self.commit = -1

    @classmethod
    def load(cls, connection: Connection) -> WriterIndex:
        """Read it all from the database, as it is under the writer's lock."""
        index = cls()
        identity, record, seen = tables.identity, tables.record, tables.seen
        for number, kind, record_id in connection.execute(select(identity.c.number, identity.c.kind, identity.c.id)):
            index.identities[kind][record_id] = Identity(number)
        columns = (
            record.c.kind,
            record.c.id,
            record.c.source,
            record.c.is_primary,
            record.c.status,
            record.c.digest,
            record.c.revised_at_ms,
            record.c.lon,
            record.c.lat,
            seen.c.at_ms,
        )
        joined = record.outerjoin(seen, (seen.c.number == record.c.number) & (seen.c.source == record.c.source))
        for kind, record_id, source, is_primary, status, digest, revised, lon, lat, seen_ms in connection.execute(
            select(*columns).select_from(joined)
        ):
            living = status == "online" if kind in {"camera", "sensor"} else True
            index.add(kind, record_id, Claim(source, digest, living, revised, seen_ms, lon, lat, revised), is_primary)
        index._load_sources(connection)
        stream = tables.datastream
        for number, stream_id, last_at_ms in connection.execute(
            select(stream.c.number, stream.c.id, stream.c.last_at_ms)
        ):
            index.datastreams[stream_id] = (number, last_at_ms)
            index.datastream_ids[number] = stream_id
        return index

    def _load_sources(self, connection: Connection) -> None:
        bodies = select(tables.record.c.body).where(tables.record.c.kind == SourceHealth.kind)
        for body in connection.execute(bodies).scalars():
            health = decode(SourceHealth.kind, body)
            if isinstance(health, SourceHealth) and health.state in DEAD_HEALTH:
                self.dead_sources.add(health.id)

    def add(self, kind: str, record_id: str, claim: Claim, is_primary: bool) -> None:
        """Remember a new claim of a known identity."""
        identity = self.identities[kind][record_id]
        identity.claims = [*identity.claims, claim]  # exactly as long: one that was appended to has room for four
        self.claimed[claim.source, kind].add(record_id)
        if is_primary:
            identity.primary = claim.source

    def drop(self, kind: str, record_id: str, source: str) -> Identity:
        """Forget the claim of a source; the identity stays, so that a record that returns keeps its number."""
        identity = self.identities[kind][record_id]
        identity.claims = [claim for claim in identity.claims if claim.source != source]
        self.claimed[source, kind].discard(record_id)
        return identity

    def elect(self, identity: Identity) -> str:
        """Whose word counts: the living one's, else the newest; the present one where both are as good."""
        if not identity.claims:
            return ""

        def rank(claim: Claim) -> tuple[bool, int, bool]:
            living = claim.is_living and claim.source not in self.dead_sources
            newest = 0 if living else (claim.seen_at_ms or claim.revised_at_ms or 0)
            return living, newest, claim.source == identity.primary

        return max(identity.claims, key=rank).source
