"""The web application: Dash on FastAPI with our routes in front of it and one access middleware around all of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from dash import Dash
from fastapi import FastAPI
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp

from callbacks import details, memory, scenes
from callbacks.access import AccessMiddleware, AccessPolicy, content_security_policy
from callbacks.addresses import PageAddresses, not_found
from callbacks.archives import TileArchive, open_archive
from callbacks.bundles import IGNORED_FILES, START, Bundles
from callbacks.clients import clients_of
from callbacks.font_slices import samples_of_slices
from callbacks.kept_files import KeptFiles
from callbacks.patrol import Patrol
from callbacks.pictures import PictureCache
from callbacks.routes import (
    basemap,
    collections,
    documentation,
    exports,
    exposure,
    health,
    incoming,
    live,
    media,
    plan,
    rows,
    search,
    sensors,
    series,
    settings,
    sharing,
    situation,
    sources,
    streams,
    tiles,
    tracks,
)
from callbacks.routes.bundles import routes as bundle_routes
from callbacks.searching import Searcher
from callbacks.services import Services
from callbacks.source_pasts import keep_reading
from callbacks.wall_parts import WallParts
from layouts import pages
from layouts.frames import scene_settings
from layouts.map import Bounds, map_view
from layouts.options import PageOptions
from layouts.shell import index_string
from layouts.text_wall import WALL_TEXTS
from situation.clock import CityClock
from situation.panels import PANELS_BY_KEY
from situation.settings import Settings

_logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
FONT_RULES = ASSETS / "fonts" / "noto-sans-sc.css"
GZIP_LEVEL = 4
"""Twice as fast as the default level for a few per cent more bytes."""

NOT_PACKED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "multipart/*")
"""Pictures are packed already, and a stream must not wait for its packer."""

CHINA: Bounds = (73.5, 18.0, 135.1, 53.6)
"""Where the map looks until the district's outline has been read for the first time."""

ARCHIVE_KINDS = ("pmtiles", "mbtiles")


def create_app(services: Services, policy: AccessPolicy | None = None) -> ASGIApp:
    """The whole application as ASGI; its lifespan starts and closes the feed. Raises ArchiveError for bad tiles."""
    pictures = PictureCache(
        services.data_folder / "media",
        services.media,
        services.clock,
        services.settings.media,
        services.feed.pictures,
    )
    basemaps = basemap.BundleCache(services)
    bundles = Bundles(ASSETS)
    searcher = Searcher(services)
    pools = streams.LivePools()
    server = FastAPI(
        title="OneScreen",
        version=services.release,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(services, pictures, searcher, pools),
    )
    _add_routes(server, services, pictures, basemaps)
    server.include_router(search.routes(searcher))
    server.include_router(rows.routes(services))
    server.include_router(streams.routes(services, pools))
    server.include_router(bundle_routes(bundles))
    dash = create_dash(server, services, lambda: basemaps.bounds, bundles)
    server.mount("/", not_found)
    content_policy = content_security_policy(dash.csp_hashes(), _tile_origin(services.settings))
    app: ASGIApp = WallParts(PageAddresses(server), services.settings.screens)
    app = GZipMiddleware(app, minimum_size=1_000, compresslevel=GZIP_LEVEL, exclude_content_types=NOT_PACKED)
    app = KeptFiles(app, services.readers)
    policy = replace(policy or AccessPolicy(), is_receiving=bool(services.doors))
    return AccessMiddleware(app, policy, content_policy, clients_of(services.settings.shares, CityClock()))


def create_dash(
    server: Any, services: Services, bounds: Callable[[], Bounds | None], bundles: Bundles | None = None
) -> Dash:
    """The Dash application on our server: local files only, all of Dash's own checks on, nothing offered to agents."""
    bundles = bundles or Bundles(ASSETS)
    options = page_options(services, bundles)
    dash: Any = Dash(  # untyped: Dash's own annotations know neither FastAPI nor a validation layout
        __name__,
        server=server,
        backend="fastapi",
        assets_folder=str(ASSETS),
        assets_ignore=IGNORED_FILES,
        serve_locally=True,
        suppress_callback_exceptions=False,
        enable_mcp=False,
        websocket_callbacks=False,
        add_log_handler=False,
        title=options.titles()[options.language],
        update_title="",
        on_error=_log_and_fail,
        index_string=index_string(
            options, bundles.addresses()[START], samples_of_slices(FONT_RULES, map("".join, WALL_TEXTS.values()))
        ),
    )
    dash.backend.websocket_capability = False  # else every page keeps trying a WebSocket that nothing uses (Dash #3939)
    dash.layout = lambda: pages.overview(options, map_view(bounds() or CHINA))
    dash.validation_layout = pages.everything(options, map_view(CHINA))
    details.register(dash, services)
    scenes.register(dash, options.language)
    checked: Dash = dash
    return checked


def _log_and_fail(error: Exception) -> NoReturn:
    """Dash answers a callback that failed with 500 and says nothing: whoever looks after the wall must learn why."""
    _logger.error("a callback failed", exc_info=error)
    raise error


def page_options(services: Services, bundles: Bundles) -> PageOptions:
    """What the pages show of the settings; the map's archive is known to the browser only as `/tiles`."""
    district = services.settings.district
    return PageOptions(
        district=district.name,
        district_en=district.name_en,
        title=district.title,
        title_en=district.title_en,
        language=district.language,
        timezone=district.timezone,
        speed=1 / services.clock.real_s(1.0),
        ontime_target=services.settings.numbers.ontime_target,
        release=services.release,
        extra={
            "map": map_settings(services.settings),
            "bundles": bundles.addresses(),
            "scenes": scene_settings(),
            "live": {"per_page": services.settings.media.live_per_page if services.live is not None else 0},
            "screens": {name: screen.query() for name, screen in services.settings.screens.items()},
            "numbers": rows.number_settings(),
            "choosing": [panel.key for panel in PANELS_BY_KEY.values() if panel.choose is not None],
        },
    )


def map_settings(settings: Settings) -> dict[str, object]:
    """The part of the map's settings that a browser may know."""
    tiles = settings.map.tiles
    shown = None
    if tiles is not None:
        url = "/tiles/{z}/{x}/{y}" if tiles.kind in ARCHIVE_KINDS else tiles.url
        shown = {"kind": tiles.kind, "url": url, "crs": tiles.crs, "attribution": tiles.attribution}
    return {"center": settings.map.center, "zoom": settings.map.zoom, "tiles": shown}


def tile_archive(settings: Settings) -> TileArchive | None:
    """The archive named in the settings, None when there is none; raises ArchiveError."""
    tiles = settings.map.tiles
    return open_archive(Path(tiles.path)) if tiles is not None and tiles.kind in ARCHIVE_KINDS else None


def _tile_origin(settings: Settings) -> str:
    """The one other host pages may fetch pictures from: that of configured XYZ tiles."""
    tiles = settings.map.tiles
    if tiles is None or tiles.kind in ARCHIVE_KINDS or tiles.url.startswith("/"):
        return ""
    parts = urlsplit(tiles.url.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}"


def _add_routes(server: FastAPI, services: Services, pictures: PictureCache, basemaps: basemap.BundleCache) -> None:
    server.include_router(live.routes(services))
    server.include_router(situation.routes(services))
    server.include_router(series.routes(services))
    server.include_router(sensors.routes(services))
    server.include_router(exports.routes(services))  # before the records: theirs would take it for an id
    server.include_router(exposure.routes(services))
    server.include_router(settings.routes(services))
    server.include_router(sources.routes(services))  # before the records, too
    server.include_router(collections.routes(services))
    server.include_router(basemap.routes(basemaps))
    server.include_router(plan.routes(services))
    server.include_router(tracks.routes(services))
    server.include_router(tiles.routes(tile_archive(services.settings), services.readers))
    server.include_router(media.routes(services, pictures))
    server.include_router(health.routes(services))
    server.include_router(incoming.routes(services))
    sharing.include(server, services)
    server.include_router(documentation.routes())


def _lifespan(
    services: Services, pictures: PictureCache, searcher: Searcher, pools: streams.LivePools
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_server: FastAPI) -> AsyncIterator[None]:
        await services.feed.start()
        memory.settle()
        tending = asyncio.create_task(memory.tend(), name="memory")
        patrol = asyncio.create_task(Patrol(services, pictures).run(), name="patrol")
        pasts = asyncio.create_task(keep_reading(services), name="source pasts")
        searcher.start()
        try:
            yield
        finally:
            await searcher.close()
            tending.cancel()
            patrol.cancel()
            pasts.cancel()
            await services.feed.close()
            if services.live is not None:
                await services.readers.run(services.live.close)
            pools.close()
            pictures.close()
            services.readers.close()

    return lifespan
