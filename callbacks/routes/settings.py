"""`/api/v1/settings`: whether the settings file could be used when it was last read, and reading it again."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import APIRouter, HTTPException, Request

from callbacks.access import LOCAL_VIEWER
from callbacks.routes.collections import iso
from callbacks.services import Services
from situation.processes.reloading import last_reading
from situation.store.controls import RELOAD

RELOAD_EVERY_S = 2.0
"""Real seconds between two wishes: each costs a new web process."""

_audit = logging.getLogger("audit")


def routes(services: Services) -> APIRouter:
    """The state of the settings and the wish to read them again."""
    router = APIRouter(prefix="/api/v1", tags=["operation"])
    asked_s = [float("-inf")]

    @router.get("/settings", summary="Whether the settings could be used when they were last read again")
    async def show(request: Request) -> dict[str, Any]:
        """`problems` are those of the file that was refused: line, key, value and what is allowed."""
        _only_local(request)
        return settings_body(services)

    @router.post("/settings/reload", status_code=202, summary="Read the settings again")
    async def reload(request: Request) -> dict[str, Any]:
        """Ask for it; what came of it stands at `/api/v1/settings` a second or two later. From this machine only."""
        role = _only_local(request)
        if services.clock.monotonic() - asked_s[0] < RELOAD_EVERY_S:
            raise HTTPException(429, "asked a moment ago; wait a little", {"retry-after": str(int(RELOAD_EVERY_S))})
        asked_s[0] = services.clock.monotonic()
        at = services.clock.now()
        await services.readers.run(services.store.controls.ask, RELOAD, "", at, role)
        _audit.info("%s reload settings", role)
        return {"at": iso(at)}

    return router


def settings_body(services: Services) -> dict[str, Any]:
    """Whether the settings file could be used when it was last read again; the wall goes on either way."""
    reading = last_reading(services.data_folder)
    if reading is None:
        return {"ok": True, "at": None, "problems": []}
    return {"ok": not reading.problems, "at": iso(reading.at), "problems": list(reading.problems)}


def _only_local(request: Request) -> str:
    role: str = getattr(request.state, "role", "")
    if role != LOCAL_VIEWER:
        raise HTTPException(403, "only a browser on this machine may do this until logins exist")
    return role
