"""`/share/…`: what was collected here, for other systems: each sees what its share allows, in formats they know."""

from __future__ import annotations

from fastapi import FastAPI

from callbacks.routes.sharing import files, records
from callbacks.services import Services


def include(server: FastAPI, services: Services) -> None:
    """Add all routes."""
    server.include_router(files.routes(services))  # before the records: theirs would take a file for an id
    server.include_router(records.routes(services))
