"""The real web application with a video platform that has pictures: the same few, drawn once, never two alike in a row.

Run as `python -m benchmarks.filming --settings FILE --data DIR --listener FD`.
"""

from __future__ import annotations

import argparse
import itertools
import socket
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import uvicorn
from PIL import Image

from app import compose
from callbacks.web import create_app
from situation.clock import CityClock
from situation.settings import load_settings

SIZE = (640, 360)
PICTURES = 24
TAKES_S = 0.04
"""What a platform near by takes to answer."""


class Film:
    """Pictures for every camera (a MediaFetcher)."""

    def __init__(self) -> None:
        self._pictures = [_picture(seed) for seed in range(PICTURES)]
        self._turn = itertools.count()

    def snapshot(self, source: str, media: str, timeout_s: float) -> bytes:
        """The next picture, whoever asks."""
        time.sleep(TAKES_S)
        return self._pictures[next(self._turn) % PICTURES]


def _picture(seed: int) -> bytes:
    """Large fields with a sensor's noise, about as many bytes as a street."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(20, 235, (18, 32, 3), dtype=np.uint8)).resize(SIZE, Image.Resampling.BICUBIC)
    noisy = np.asarray(coarse, dtype=np.float64) + rng.normal(0, 6, (SIZE[1], SIZE[0], 3))
    target = BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(target, "JPEG", quality=75)
    return target.getvalue()


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--listener", type=int, required=True)
    options = parser.parse_args()
    services = compose(load_settings(options.settings, {}), options.data, CityClock())
    app = create_app(replace(services, media=Film()))
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=options.listener)])


if __name__ == "__main__":
    main()
