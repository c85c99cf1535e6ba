"""Remember how each source did, hour by hour, and what the web process asks of the collector.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COUNTS = ("fetches", "failures", "unchanged", "records", "observations", "rejected")
_POSITIONS = ("positioned", "unpositioned", "outside", "ahead")
_SECONDS = ("ok_s", "degraded_s", "frozen_s", "stale_s", "down_s", "starting_s", "paused_s")


def upgrade() -> None:
    """Four tables, each bounded: by sources and hours, by reasons for each source, by keys, by age."""
    op.create_table(
        "source_hour",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("hour", sa.BigInteger, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in (*_COUNTS, *_POSITIONS)),
        sa.Column("latency_s", sa.Double, nullable=False),
        sa.Column("slowest_s", sa.Double, nullable=False),
        sa.Column("content_age_least_s", sa.Double),
        sa.Column("content_age_most_s", sa.Double),
        *(sa.Column(name, sa.Double, nullable=False) for name in _SECONDS),
    )
    op.create_table(
        "source_reason",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("sort", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("first_at_ms", sa.BigInteger, nullable=False),
        sa.Column("last_at_ms", sa.BigInteger, nullable=False),
        sa.Column("sample", sa.Text, nullable=False),
    )
    op.create_table(
        "control",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "control_log",
        sa.Column("at_ms", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
    )
