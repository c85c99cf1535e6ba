"""The web application: Dash on FastAPI with our routes in front of it and one access middleware around all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from dash import Dash
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from callbacks import sheet
from callbacks.access import AccessMiddleware, AccessPolicy, content_security_policy
from callbacks.addresses import PageAddresses
from callbacks.routes import live
from callbacks.services import Services

ROOT = Path(__file__).resolve().parent.parent
ROUTES = (live,)
GZIP_LEVEL = 4
"""Twice as fast as the default level for a few per cent more bytes."""


def create_app(services: Services, policy: AccessPolicy | None = None) -> ASGIApp:
    """The whole application as ASGI; its lifespan starts and closes the feed."""
    server = FastAPI(title="OneScreen", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan(services))
    for route_file in ROUTES:
        server.include_router(route_file.routes(services))
    dash = create_dash(server, services)
    content_policy = content_security_policy(dash.csp_hashes())
    app: ASGIApp = PageAddresses(server)
    app = GZipMiddleware(app, minimum_size=1_000, compresslevel=GZIP_LEVEL)
    return AccessMiddleware(app, policy or AccessPolicy(), content_policy)


def create_dash(server: FastAPI, services: Services) -> Dash:
    """The Dash application on our server: local files only, all of Dash's own checks on, nothing offered to agents."""
    dash = Dash(
        __name__,
        server=server,
        backend="fastapi",
        assets_folder=str(ROOT / "assets"),
        serve_locally=True,
        suppress_callback_exceptions=False,
        enable_mcp=False,
        websocket_callbacks=False,
        add_log_handler=False,
        title=services.settings.district.title,
        update_title="",
        index_string=shell.index_string(services.settings, services.release),
    )
    dash.layout = pages.overview(services.settings)
    dash.validation_layout = pages.validation_layout(services.settings)
    sheet.register(dash, services)
    return dash


def _lifespan(services: Services) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_server: FastAPI) -> AsyncIterator[None]:
        await services.feed.start()
        try:
            yield
        finally:
            await services.feed.close()
            services.readers.close()

    return lifespan
