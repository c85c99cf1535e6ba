"""Frigate 0.14 and later, shaped by its documentation and recorded replies."""

import json
from typing import Any

from examples import Example, Pages


def config(names: Any) -> Any:
    rows = {
        name: {"name": name, "enabled": True, "ffmpeg": {"inputs": [{"path": "rtsp://u:secret@c/1"}]}} for name in names
    }
    return {"cameras": rows, "version": "0.14.1"}


def stats(fps: dict[str, float], renewed: float = 1_786_255_190) -> Any:
    rows = {name: {"camera_fps": each, "process_fps": each, "skipped_fps": 0.0} for name, each in fps.items()}
    return {"cameras": rows, "service": {"last_updated": renewed, "uptime": 5000}, "detectors": {}}


def pages(given: Any, fps: dict[str, float] | None = None, reviews: Any = ()) -> Pages:
    return {
        "/api/config": json.dumps(given).encode(),
        "/api/stats": json.dumps(stats(fps or {"front": 5.1, "yard": 0.0})).encode(),
        "/api/review": json.dumps(list(reviews)).encode(),
    }


EXAMPLE = Example(
    kind="frigate",
    pages=pages(config(["front", "yard"])),
    kept=2,
    malformed=pages({"cameras": {**config(["front"])["cameras"], "yard": "rtsp://u:p@c/1"}}),
    empty=pages({"cameras": {}}),
    wrong=pages({"cameras": ["front"]}),
)
