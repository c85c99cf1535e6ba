"""Find records by their place, and the past of one record.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Indexes that detail pages live on: neighbours by position, changes by record."""
    op.create_index("record_kind_place", "record", ["kind", "lat", "lon"])
    op.create_index("change_number", "change", ["number", "seq"])
