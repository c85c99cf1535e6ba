"""The real web application whose every camera is fed by one upstream, with one transport.

Run as `python -m benchmarks.watching --upstream URL --transport flv --settings FILE --data DIR --listener FD`.
"""

from __future__ import annotations

import argparse
import socket
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn

from app import compose
from benchmarks.feeding import FLV, HLS, JPEG
from callbacks.web import create_app
from datasources.http import HttpClient
from datasources.media import Address, MediaOffer, Transport
from datasources.media.gateway import Gateway
from datasources.media.places import Places
from datasources.media.snapshot import picture
from datasources.media.watch import Converting
from situation.clock import CityClock
from situation.settings import load_settings

PATHS = {Transport.FLV: FLV, Transport.HLS: HLS}


@dataclass(frozen=True)
class Fed:
    """Every camera's media (a CameraMedia, and the product's MediaFetcher)."""

    upstream: str
    transport: Transport
    http: HttpClient

    def still(self, media_ref: str, deadline_s: float) -> Address:
        """The picture."""
        return Address(url=f"{self.upstream}{JPEG}")

    def offer(self, media_ref: str, deadline_s: float) -> MediaOffer:
        """The one stream."""
        return MediaOffer(addresses={self.transport: Address(url=f"{self.upstream}{PATHS[self.transport]}")})

    def release(self, media_ref: str, deadline_s: float) -> None:
        """Nothing was started."""

    def snapshot(self, source: str, media: str, timeout_s: float) -> bytes:
        """The picture, fetched."""
        return picture(self, self.http, media, self.http.clock.monotonic() + timeout_s)


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--transport", type=Transport, required=True)
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--listener", type=int, required=True)
    options = parser.parse_args()
    clock = CityClock()
    fed = Fed(options.upstream, options.transport, HttpClient(clock=clock))
    services = compose(load_settings(options.settings, {}), options.data, clock)
    live = Gateway(lambda _: fed, clock, Converting(None, Places(0)))
    app = create_app(replace(services, media=fed, live=live))
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=options.listener)])


if __name__ == "__main__":
    main()
