"""Alembic's entry: runs on the connection that `migrate` hands in, inside its transaction."""

from __future__ import annotations

from alembic import context

from situation.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
