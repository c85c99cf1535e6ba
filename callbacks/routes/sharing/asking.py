"""Who asks below `/share`, and the services as they may use them: every read goes through their scope."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import HTTPException, Request

from callbacks.clients import Client
from callbacks.services import Services
from situation.scope import Scope

HOW = "`Authorization: Bearer <token>`, `X-API-Key`, the password of Basic, or `?api_key=`"
ANSWERS: dict[int | str, dict[str, object]] = {
    401: {"description": f"no valid token: {HOW}"},
    403: {"description": "this share has no such collection"},
    429: {"description": "too often; `Retry-After` says when"},
}


@dataclass(frozen=True, slots=True)
class Asker:
    """One request's client. `services` see what it may see and nothing else."""

    client: Client
    services: Services

    def require(self, kind: str) -> None:
        """Raise a 403 where the share has no records of this kind."""
        if kind not in self.client.kinds:
            raise HTTPException(403, f"{self.client.key} has no share in records of kind {kind}")


def asker(services: Services, request: Request) -> Asker:
    """Who asks. Only what the access middleware admitted comes this far."""
    client: Client = request.state.client
    return Asker(client, replace(services, scope=_common(client.scope, services.scope)))


def _common(one: Scope, other: Scope) -> Scope:
    """What both allow: a share never shows more than this wall may see itself."""
    return Scope(_both(one.areas, other.areas), _both(one.departments, other.departments))


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other
