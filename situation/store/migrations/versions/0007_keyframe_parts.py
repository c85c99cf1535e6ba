"""Keep a keyframe in parts, so that nobody holds the whole situation at once.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A keyframe of before becomes one of a single part."""
    op.create_table(
        "keyframe_part",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("part", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.execute("INSERT INTO keyframe_part (seq, part, body) SELECT seq, 0, body FROM keyframe")
    op.drop_column("keyframe", "body")
