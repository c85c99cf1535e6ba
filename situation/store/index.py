"""The writer's memory: number and digests of every record, so that a poll without news costs no query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, exists, select

from situation.records import Health, SourceHealth
from situation.store import tables
from situation.store.claims import Claim, Claims
from situation.store.codec import decode

DEAD_HEALTH = frozenset({Health.STALE, Health.UNAVAILABLE, Health.AUTH_FAILED, Health.PAUSED})
"""A source in one of these states has nothing to say about who is alive."""


class WriterIndex:
    """Who claims which records, and the numbers of those that nobody claims any more."""

    def __init__(self) -> None:
        self._claims: dict[str, dict[str, Claims]] = defaultdict(lambda: defaultdict(Claims))  # by kind and source
        self.unclaimed: dict[str, dict[str, int]] = defaultdict(dict)  # numbers by kind and id
        self.datastreams: dict[str, tuple[int, int | None]] = {}  # number, newest reading
        self.buckets: set[int] = set()  # hours known to be marked as not rolled up
        self.dead_sources: set[str] = set()
        self.commit = -1

    @classmethod
    def load(cls, connection: Connection) -> WriterIndex:
        """Read it all from the database, as it is under the writer's lock."""
        index = cls()
        index._load_claims(connection)
        index._load_unclaimed(connection)
        index._load_sources(connection)
        stream = tables.datastream
        for number, stream_id, last_at_ms in connection.execute(
            select(stream.c.number, stream.c.id, stream.c.last_at_ms)
        ):
            index.datastreams[stream_id] = (number, last_at_ms)
        return index

    def _load_claims(self, connection: Connection) -> None:
        record, seen = tables.record, tables.seen
        columns = (
            record.c.kind,
            record.c.id,
            record.c.source,
            record.c.number,
            record.c.digest,
            record.c.status,
            record.c.is_primary,
            record.c.revised_at_ms,
            seen.c.at_ms,
            record.c.lon,
            record.c.lat,
        )
        joined = record.outerjoin(seen, (seen.c.number == record.c.number) & (seen.c.source == record.c.source))
        rows = connection.execute(select(*columns).select_from(joined))
        for kind, record_id, source, number, digest, status, is_primary, revised_ms, seen_ms, lon, lat in rows:
            is_living = status == "online" if kind in {"camera", "sensor"} else True
            claim = Claim(number, digest, is_living, is_primary, revised_ms, seen_ms, revised_ms, lon, lat)
            self._claims[kind][source].put(record_id, claim)

    def _load_unclaimed(self, connection: Connection) -> None:
        identity = tables.identity
        is_unclaimed = ~exists().where(tables.record.c.number == identity.c.number)
        columns = (identity.c.number, identity.c.kind, identity.c.id)
        for number, kind, record_id in connection.execute(select(*columns).where(is_unclaimed)):
            self.unclaimed[kind][record_id] = number

    def _load_sources(self, connection: Connection) -> None:
        bodies = select(tables.record.c.body).where(tables.record.c.kind == SourceHealth.kind)
        for body in connection.execute(bodies).scalars():
            health = decode(SourceHealth.kind, body)
            if isinstance(health, SourceHealth) and health.state in DEAD_HEALTH:
                self.dead_sources.add(health.id)

    def claims(self, source: str, kind: str) -> Claims:
        """What a source says of the records of a kind."""
        return self._claims[kind][source]

    def kinds(self, source: str) -> tuple[str, ...]:
        """Kinds of which the source claims a record."""
        return tuple(kind for kind, by_source in self._claims.items() if source in by_source and by_source[source].ids)

    def number(self, kind: str, record_id: str) -> int | None:
        """The number of a record that somebody claims or has claimed; None for one never heard of."""
        claim = next((claim for _, claim in self.claimants(kind, record_id)), None)
        return self.unclaimed[kind].get(record_id) if claim is None else claim.number

    def claimants(self, kind: str, record_id: str) -> Iterator[tuple[str, Claim]]:
        """(source, claim) of everyone who claims a record."""
        for source, claims in self._claims[kind].items():
            claim = claims.get(record_id)
            if claim is not None:
                yield source, claim

    def is_shared(self, kind: str, record_id: str, source: str) -> bool:
        """Whether anyone but the source claims a record."""
        return any(record_id in claims.ids for other, claims in self._claims[kind].items() if other != source)

    def shared(self, kind: str, source: str) -> set[str]:
        """Ids of the source's records that others claim too."""
        mine = self._claims[kind][source].ids
        return {each for other, claims in self._claims[kind].items() if other != source for each in mine & claims.ids}

    def put(self, kind: str, record_id: str, source: str, claim: Claim) -> None:
        """Remember a claim, new or renewed."""
        self._claims[kind][source].put(record_id, claim)
        self.unclaimed[kind].pop(record_id, None)

    def drop(self, kind: str, record_id: str, source: str) -> Claim | None:
        """Forget the claim of a source; the number stays, so that a record that returns keeps it."""
        claim = self._claims[kind][source].drop(record_id)
        if claim is not None and not self.is_shared(kind, record_id, source):
            self.unclaimed[kind][record_id] = claim.number
        return claim

    def elect(self, kind: str, record_id: str) -> tuple[str, bool]:
        """Whose word counts ("" where nobody claims it), and whether it did not so far.

        The living one's, else the newest; the present one where both are as good.
        """

        def rank(claimant: tuple[str, Claim]) -> tuple[bool, int, bool]:
            source, claim = claimant
            is_living = claim.is_living and source not in self.dead_sources
            newest_ms = 0 if is_living else (claim.seen_at_ms or claim.revised_at_ms or 0)
            return is_living, newest_ms, claim.is_primary

        claimants = list(self.claimants(kind, record_id))
        if not claimants:
            return "", False
        elected, claim = max(claimants, key=rank)
        if claim.is_primary:
            return elected, False
        for source, each in claimants:
            self.put(kind, record_id, source, each._replace(is_primary=source == elected))
        return elected, True
