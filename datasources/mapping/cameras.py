"""Rows to cameras: alive by their last frame or keep-alive where it is told, and where their pictures are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from datasources.fields import clean
from datasources.mapping.paths import compile_path
from datasources.mapping.spec import Finish, Row, Spec
from datasources.media.addresses import pack
from situation.records import Camera, DeviceState, Record


def finish_camera(spec: Spec) -> Finish:
    """How a row becomes a Camera.

    With `alive_for_s` a camera whose `seen_at` is told is online only while that is fresh, whatever a status word
    says; `offline` is believed.
    """
    transports = {transport: compile_path(path) for transport, path in spec.options.media.items()}
    alive_for = timedelta(seconds=spec.options.alive_for_s) if spec.options.alive_for_s else None

    def finish(row: Row, given: dict[str, Any]) -> Record:
        seen_at = given.get("seen_at")
        if alive_for and seen_at and row.now and given.get("state") is not DeviceState.OFFLINE:
            given["state"] = DeviceState.ONLINE if row.now - seen_at <= alive_for else DeviceState.OFFLINE
        if transports:
            found = {transport: clean(get(row.raw)) for transport, get in transports.items()}
            given["media"] = pack({transport: urljoin(spec.url, text) for transport, text in found.items() if text})
        return Camera(id=row.id, lon=row.position[0], lat=row.position[1], **given)

    return finish
