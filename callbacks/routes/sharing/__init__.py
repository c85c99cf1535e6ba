"""`/share/…`: what was collected here, for other systems: each sees what its share allows, in formats they know."""

from __future__ import annotations

from fastapi import FastAPI

from callbacks.routes.sharing import cap, files, open311, records
from callbacks.routes.sharing.sta import routes as sta
from callbacks.services import Services


def include(server: FastAPI, services: Services) -> None:
    """Add all routes."""
    server.include_router(files.routes(services))  # before the records: theirs would take a file for an id
    server.include_router(records.routes(services))
    server.include_router(sta.routes(services))
    server.include_router(open311.routes(services))
    server.include_router(cap.routes(services))
