"""Faults of upstream instances: switched on by `POST /_faults/<key>` or by a storyline, applied here once for all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.behaviour import Behaviour
from simulator.model import StorylineKind
from simulator.upstreams.mangle import RECORD_FAULTS, mangle

DEFAULT_VALUES: dict[str, float] = {
    "latency": 3.0,  # seconds before the answer
    "hang": 0.0,
    "drip": 32.0,  # bytes a second
    "error500": 0.0,
    "429": 30.0,  # Retry-After, seconds
    "401": 0.0,
    "truncated": 0.5,  # share of the body that is sent
    "wrong_types": 0.0,
    "duplicates": 0.0,
    "out_of_order": 0.0,
    "clock_skew": 3600.0,  # seconds its clock is ahead
    "frozen": 0.0,
    "half": 0.0,
}
"""Every fault with what its `value` means when none is given."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as switched on at `since` (city time)."""

    kind: str
    value: float
    since: datetime


class FaultBoard:
    """Which fault each instance has now, and what its clock shows because of it."""

    def __init__(self, keys: frozenset[str], behaviour: Behaviour, now: Callable[[], datetime]) -> None:
        self.keys = keys
        self.active: dict[str, Fault] = {}
        self._behaviour = behaviour
        self._now = now

    def switch_on(self, key: str, kind: str, value: float | None) -> Fault:
        """Give `key` the fault `kind`, in place of any other; raises KeyError for an unknown key or kind."""
        if key not in self.keys:
            raise KeyError(f"no instance {key!r}")
        if kind not in DEFAULT_VALUES:
            raise KeyError(f"no fault {kind!r}; there are {', '.join(DEFAULT_VALUES)}")
        fault = Fault(kind, DEFAULT_VALUES[kind] if value is None else value, self._now())
        self.active[key] = fault
        return fault

    def switch_off(self, key: str) -> None:
        """End the fault of `key`, if any."""
        self.active.pop(key, None)

    def clock_of(self, key: str) -> Callable[[], datetime]:
        """The clock of one instance: the city's, unless it is frozen or set wrong."""

        def now() -> datetime:
            at = self._now()
            fault = self.active.get(key)
            if fault is not None and fault.kind == "frozen":
                return fault.since
            if fault is not None and fault.kind == "clock_skew":
                return at + timedelta(seconds=fault.value)
            if self._behaviour.is_down(key, at) is StorylineKind.FROZEN_CONTENT:
                return self._frozen_since(key, at)
            return at

        return now

    def fault_of(self, key: str) -> Fault | None:
        """What stands between the caller and `key` now: a fault switched on here, or a storyline's outage."""
        fault = self.active.get(key)
        if fault is not None or key not in self.keys:
            return fault
        at = self._now()
        if self._behaviour.is_down(key, at) is not StorylineKind.DEPARTMENT_OUTAGE:
            return None
        return Fault("hang" if at.minute % 2 else "503", 60.0, at)

    def _frozen_since(self, key: str, at: datetime) -> datetime:
        starts = [
            storyline.start_at
            for storyline in self._behaviour.schedule.storylines
            if storyline.kind is StorylineKind.FROZEN_CONTENT and storyline.target == key and storyline.start_at <= at
        ]
        return max(starts, default=at)


_HTML_500 = (
    "<!DOCTYPE html><html><head><title>HTTP Status 500</title></head>"
    "<body><h1>HTTP Status 500 – Internal Server Error</h1><hr><p>Apache Tomcat/9.0.65</p></body></html>"
)

_ANSWERS: dict[str, Callable[[Fault], Response]] = {
    "error500": lambda fault: HTMLResponse(_HTML_500, 500),
    "503": lambda fault: HTMLResponse("<h1>503 服务不可用</h1>", 503, {"Retry-After": str(int(fault.value))}),
    "429": lambda fault: JSONResponse(
        {"code": 429, "msg": "请求过于频繁"}, 429, {"Retry-After": str(int(fault.value))}
    ),
    "401": lambda fault: JSONResponse({"code": 401, "msg": "请登录后重新请求"}, 401),
}


class FaultWrapper:
    """ASGI wrapper that stands before every instance and spoils what it answers."""

    def __init__(self, app: ASGIApp, board: FaultBoard) -> None:
        self.app = app
        self.board = board

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self.board.fault_of(scope["path"].split("/", 2)[1]) if scope["type"] == "http" else None
        if fault is None or fault.kind in ("frozen", "clock_skew"):
            await self.app(scope, receive, send)
        elif fault.kind in _ANSWERS:
            await _ANSWERS[fault.kind](fault)(scope, receive, send)
        elif fault.kind == "hang":
            await _until_disconnected(receive)
        elif fault.kind == "latency":
            await asyncio.sleep(fault.value)
            await self.app(scope, receive, send)
        else:
            await self._spoil_body(fault, scope, receive, send)

    async def _spoil_body(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        start, body = await _captured(self.app, scope, receive)
        if fault.kind == "drip":
            await _unless_disconnected(_drip(start, body, fault.value, send), receive)
            return
        if fault.kind == "truncated":
            body = body[: int(len(body) * fault.value)]
        elif fault.kind in RECORD_FAULTS and start["status"] == 200:
            content_type = dict(start["headers"]).get(b"content-type", b"").decode("latin-1")
            body = await run_in_threadpool(mangle, body, content_type, fault.kind)
        await send(_with_length(start, len(body)))
        await send({"type": "http.response.body", "body": body})


async def _until_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _unless_disconnected(sending: Coroutine[None, None, None], receive: Receive) -> None:
    """Send until the caller goes away; a server isn't told of that by sending."""
    tasks = {asyncio.ensure_future(sending), asyncio.ensure_future(_until_disconnected(receive))}
    _, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def _captured(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    start: Message = {}
    parts: list[bytes] = []

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, keep)
    return start, b"".join(parts)


def _with_length(start: Message, length: int | None) -> Message:
    headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    return {**start, "headers": headers}


async def _drip(start: Message, body: bytes, bytes_per_s: float, send: Send) -> None:
    """A few bytes at a time: no read timeout ever fires, only a deadline for the whole reply helps."""
    await send(_with_length(start, len(body)))
    size = max(1, int(bytes_per_s / 4))
    for offset in range(0, len(body), size):
        await send({"type": "http.response.body", "body": body[offset : offset + size], "more_body": True})
        await asyncio.sleep(0.25)
    await send({"type": "http.response.body", "body": b""})
