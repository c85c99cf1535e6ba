"""The tables. All times are epoch milliseconds UTC; a test holds them equal to what the migrations make."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, LargeBinary, MetaData, Table, Text

metadata = MetaData()

identity = Table(
    "identity",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Index("identity_kind_id", "kind", "id", unique=True),
)
"""The number of every (kind, id), never given twice."""

record = Table(
    "record",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("is_primary", Boolean, nullable=False),
    Column("lon", Double),
    Column("lat", Double),
    Column("street_code", Text, nullable=False),
    Column("community_code", Text, nullable=False),
    Column("grid_code", Text, nullable=False),
    Column("is_located", Boolean, nullable=False),  # the codes are ours, so they follow the areas
    Column("department", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("at_ms", BigInteger),
    Column("revised_at_ms", BigInteger),
    Column("ended_at_ms", BigInteger),
    Column("changed_at_ms", BigInteger, nullable=False),
    Column("digest", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index("record_kind_number", "kind", "is_primary", "number"),
    Index("record_kind_status", "kind", "status", "is_primary", "number"),
    Index("record_kind_department", "kind", "department", "is_primary", "number"),
    Index("record_kind_at", "kind", "at_ms"),
    Index("record_kind_ended", "kind", "ended_at_ms"),
    Index("record_kind_street", "kind", "street_code", "is_primary", "number"),
    Index("record_kind_community", "kind", "community_code", "is_primary", "number"),
    Index("record_kind_grid", "kind", "grid_code", "is_primary", "number"),
    Index("record_kind_place", "kind", "lat", "lon"),
)
"""One row for each (record, source that says so); one of them is primary: what everybody sees."""

seen = Table(
    "seen",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""`Camera.seen_at`, apart from the record because it moves with every poll and nothing else does."""

change = Table(
    "change",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("operation", Text, nullable=False),
    Column("body", Text),
    Index("change_at", "at_ms"),
    Index("change_number", "number", "seq"),
)

keyframe = Table(
    "keyframe",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
)

keyframe_part = Table(
    "keyframe_part",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("part", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

datastream = Table(
    "datastream",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("last_at_ms", BigInteger),
    Column("last_value", Double),
)

observation = Table(
    "observation",
    metadata,
    Column("bucket", BigInteger, primary_key=True, autoincrement=False),
    Column("datastream", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, primary_key=True, autoincrement=False),
    Column("value", Double, nullable=False),
    sqlite_with_rowid=False,
)
"""Raw readings. `bucket` (the hour) leads the key so that writing and forgetting touch few, neighbouring pages."""


def _rollup(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("bucket", BigInteger, primary_key=True, autoincrement=False),
        Column("datastream", BigInteger, primary_key=True, autoincrement=False),
        Column("at_ms", BigInteger, primary_key=True, autoincrement=False),
        Column("count", BigInteger, nullable=False),
        Column("minimum", Double, nullable=False),
        Column("maximum", Double, nullable=False),
        Column("total", Double, nullable=False),
        Column("last", Double, nullable=False),
        sqlite_with_rowid=False,
    )


observation_minute = _rollup("observation_minute")
observation_hour = _rollup("observation_hour")

observation_bucket = Table(
    "observation_bucket",
    metadata,
    Column("bucket", BigInteger, primary_key=True, autoincrement=False),
    Column("is_rolled", Boolean, nullable=False),
)
"""The hours that have raw readings; one that got late readings is to be rolled up again."""

cursor = Table(
    "cursor",
    metadata,
    Column("source", Text, primary_key=True),
    Column("body", Text, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""`number`, `seq`, `datastream`: the last one given; `commit`: grows with every write. Ours rather than the database's,
because sequence order is not commit order on PostgreSQL and because numbers must outlive what they counted."""

source_hour = Table(
    "source_hour",
    metadata,
    Column("source", Text, primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, BigInteger, nullable=False) for name in ("fetches", "failures", "unchanged", "records")),
    *(Column(name, BigInteger, nullable=False) for name in ("observations", "rejected", "positioned", "unpositioned")),
    *(Column(name, BigInteger, nullable=False) for name in ("outside", "ahead")),
    Column("latency_s", Double, nullable=False),
    Column("slowest_s", Double, nullable=False),
    Column("content_age_least_s", Double),
    Column("content_age_most_s", Double),
    *(Column(name, Double, nullable=False) for name in ("ok_s", "degraded_s", "frozen_s", "stale_s")),
    *(Column(name, Double, nullable=False) for name in ("down_s", "starting_s", "paused_s")),
)
"""How a source did in an hour (epoch hours): a field of `situation.store.sources.SourceHour` each."""

source_reason = Table(
    "source_reason",
    metadata,
    Column("source", Text, primary_key=True),
    Column("sort", Text, primary_key=True),  # "rejected" or "error"
    Column("reason", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("first_at_ms", BigInteger, nullable=False),
    Column("last_at_ms", BigInteger, nullable=False),
    Column("sample", Text, nullable=False),
)

control = Table(
    "control",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)
"""What the web process asks of the collector; the newest word for each key."""

control_log = Table(
    "control_log",
    metadata,
    Column("at_ms", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("role", Text, nullable=False),
)
"""Who asked it and when, for the audit."""

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
MINUTE_BUCKET_MS = 24 * HOUR_MS
HOUR_BUCKET_MS = 30 * 24 * HOUR_MS

COUNTERS = ("number", "seq", "datastream", "commit")

inbox = Table(
    "inbox",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("inbox_source", "source", "number", "size"),
)
"""What other systems pushed and the collector has not kept yet."""

delivery = Table(
    "delivery",
    metadata,
    Column("share", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("next_at_ms", BigInteger),
    Column("delivered_at_ms", BigInteger),
    Column("error", Text, nullable=False),
)
"""How far each share with a webhook has been told of changes."""
