"""First tables of the store.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Double, LargeBinary, Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of the first release."""
    _make_records()
    _make_history()
    _make_observations()
    op.create_table("cursor", Column("source", Text, primary_key=True), Column("body", Text, nullable=False))
    counter = op.create_table(
        "counter", Column("name", Text, primary_key=True), Column("value", BigInteger, nullable=False)
    )
    op.bulk_insert(counter, [{"name": name, "value": 0} for name in ("number", "seq", "datastream", "commit")])


def _key(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _make_records() -> None:
    op.create_table("identity", _key("number"), _text("kind"), _text("id"))
    op.create_index("identity_kind_id", "identity", ["kind", "id"], unique=True)
    op.create_table(
        "record",
        _key("number"),
        Column("source", Text, primary_key=True),
        _text("kind"),
        _text("id"),
        Column("is_primary", Boolean, nullable=False),
        Column("lon", Double),
        Column("lat", Double),
        _text("street_code"),
        _text("community_code"),
        _text("grid_code"),
        Column("is_located", Boolean, nullable=False),
        _text("department"),
        _text("status"),
        Column("at_ms", BigInteger),
        Column("revised_at_ms", BigInteger),
        Column("ended_at_ms", BigInteger),
        Column("changed_at_ms", BigInteger, nullable=False),
        Column("digest", BigInteger, nullable=False),
        _text("body"),
    )
    op.create_index("record_kind_number", "record", ["kind", "number"])
    op.create_index("record_kind_at", "record", ["kind", "at_ms"])
    op.create_index("record_kind_ended", "record", ["kind", "ended_at_ms"])
    op.create_index("record_kind_street", "record", ["kind", "street_code"])
    op.create_table(
        "seen",
        _key("number"),
        Column("source", Text, primary_key=True),
        Column("at_ms", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _make_history() -> None:
    op.create_table(
        "change",
        _key("seq"),
        Column("at_ms", BigInteger, nullable=False),
        _text("kind"),
        _text("id"),
        Column("number", BigInteger, nullable=False),
        _text("operation"),
        Column("body", Text),
    )
    op.create_index("change_at", "change", ["at_ms"])
    op.create_table(
        "keyframe",
        _key("seq"),
        Column("at_ms", BigInteger, nullable=False),
        Column("body", LargeBinary, nullable=False),
    )


def _make_observations() -> None:
    op.create_table(
        "datastream",
        _key("number"),
        Column("id", Text, nullable=False, unique=True),
        Column("last_at_ms", BigInteger),
        Column("last_value", Double),
    )
    op.create_table(
        "observation",
        _key("bucket"),
        _key("datastream"),
        _key("at_ms"),
        Column("value", Double, nullable=False),
        sqlite_with_rowid=False,
    )
    for name in ("observation_minute", "observation_hour"):
        op.create_table(
            name,
            _key("bucket"),
            _key("datastream"),
            _key("at_ms"),
            Column("count", BigInteger, nullable=False),
            *(Column(part, Double, nullable=False) for part in ("minimum", "maximum", "total", "last")),
            sqlite_with_rowid=False,
        )
    op.create_table("observation_bucket", _key("bucket"), Column("is_rolled", sa.Boolean, nullable=False))
