"""An empty Dash page on the product's own server stack: what a cold open is compared with.

Run as `python -m benchmarks.empty --listener FD`.
"""

from __future__ import annotations

import argparse
import socket
from typing import Any

import uvicorn
from dash import Dash, html
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from callbacks.access import AccessMiddleware, AccessPolicy, content_security_policy
from callbacks.web import GZIP_LEVEL

PAGE = "empty-page"
SCRIPT = f'window.probe.expect("data", () => document.getElementById("{PAGE}") !== null);'
"""When it counts as open."""


def main() -> None:
    """Serve the page until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listener", type=int, required=True)
    options = parser.parse_args()
    server: Any = FastAPI(openapi_url=None)
    dash: Any = Dash(__name__, server=server, backend="fastapi", serve_locally=True, enable_mcp=False)
    dash.backend.websocket_capability = False
    dash.layout = html.Div("empty", id=PAGE)
    zipped = GZipMiddleware(server, minimum_size=1_000, compresslevel=GZIP_LEVEL)
    app = AccessMiddleware(zipped, AccessPolicy(), content_security_policy(dash.csp_hashes()))
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, ws="none")
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=options.listener)])


if __name__ == "__main__":
    main()
