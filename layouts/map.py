"""The map's frame: one Leaflet map without layers; everything drawn on it comes from `assets/3x-*.js`.

The browser keeps centre and zoom: they are given once, and nothing that changes later is a property of this component,
so Dash never moves a map somebody looks at.
"""

from __future__ import annotations

import dash_leaflet as dl
from dash.development.base_component import Component

MAP_ID = "overview-map"
MAP_CLASS = "onescreen-map"
Bounds = tuple[float, float, float, float]

_DISTRICT_ZOOM = 11
_MIN_ZOOM, _MAX_ZOOM = 8, 19


def map_view(bounds: Bounds) -> Component:
    """The empty map over `bounds` (west, south, east, north; WGS-84 degrees).

    The zoom is a first guess: the browser, which alone knows the size, fits the bounds once before the first drawing.
    """
    west, south, east, north = bounds
    return dl.MapContainer(
        id=MAP_ID,
        className=MAP_CLASS,
        center=[(south + north) / 2, (west + east) / 2],
        zoom=_DISTRICT_ZOOM,
        minZoom=_MIN_ZOOM,
        maxZoom=_MAX_ZOOM,
        zoomSnap=0.25,
        zoomDelta=0.5,
        wheelPxPerZoomLevel=120,
        attributionControl=False,
        zoomControl=False,
        trackViewport=False,
    )
