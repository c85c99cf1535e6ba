"""The one ASGI application: every instance below its key, faults before them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from simulator.behaviour import Behaviour
from simulator.faults import DEFAULT_VALUES, FaultBoard, FaultWrapper
from simulator.model import City
from simulator.upstreams.context import Upstream
from simulator.upstreams.instances import INSTANCES, KEYS


def build_app(city: City, behaviour: Behaviour, now: Callable[[], datetime]) -> ASGIApp:
    """Every upstream of `city`; `now` is the city's clock."""
    board = FaultBoard(KEYS, behaviour, now)
    mounts = [
        Mount(
            f"/{instance.key}",
            routes=list(
                instance.build(
                    Upstream(instance.key, instance.department, city, behaviour, board.clock_of(instance.key))
                )
            ),
            name=instance.key,
        )
        for instance in INSTANCES
    ]
    return FaultWrapper(Starlette(routes=[*_fault_routes(board), _index(city, now), *mounts]), board)


def _index(city: City, now: Callable[[], datetime]) -> Route:
    def index(request: Request) -> Response:
        return JSONResponse(
            {
                "district": city.name,
                "adcode": city.adcode,
                "at": now().isoformat(),
                "instances": {instance.key: f"{request.base_url}{instance.key}" for instance in INSTANCES},
            }
        )

    return Route("/", index)


def _fault_routes(board: FaultBoard) -> list[Route]:
    def faults(request: Request) -> Response:
        active = {key: {**asdict(fault), "since": fault.since.isoformat()} for key, fault in board.active.items()}
        return JSONResponse({"active": active, "faults": DEFAULT_VALUES, "keys": sorted(board.keys)})

    async def switch_on(request: Request) -> Response:
        try:
            wish = await request.json()
            value = wish.get("value")
            fault = board.switch_on(
                request.path_params["key"], str(wish["fault"]), None if value is None else float(value)
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"fault": fault.kind, "value": fault.value})

    def switch_off(request: Request) -> Response:
        board.switch_off(request.path_params["key"])
        return Response(status_code=204)

    return [
        Route("/_faults", faults),
        Route("/_faults/{key}", switch_on, methods=["POST"]),
        Route("/_faults/{key}", switch_off, methods=["DELETE"]),
    ]
