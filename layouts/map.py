"""The map's frame: one Leaflet map without layers; everything drawn on it comes from `assets/3x-*.js`.

The browser keeps centre and zoom: nothing that changes later is a property of this component, so Dash never moves a map
somebody looks at.
"""

from __future__ import annotations

import dash_leaflet as dl
from dash.development.base_component import Component

MAP_ID = "overview-map"
MAP_CLASS = "onescreen-map"
Bounds = tuple[float, float, float, float]

_MIN_ZOOM, _MAX_ZOOM = 5, 19
_PADDING_PX = 24


def map_view(bounds: Bounds) -> Component:
    """The empty map over `bounds` (west, south, east, north; WGS-84 degrees).

    The bounds are fitted once, when the map is made. Properties `center` and `zoom` would be set again after that by
    dash-leaflet, and would undo what the viewer or the browser's own fitting did in between.
    """
    west, south, east, north = bounds
    component: Component = dl.MapContainer(
        id=MAP_ID,
        className=MAP_CLASS,
        bounds=[[south, west], [north, east]],
        boundsOptions={"padding": [_PADDING_PX, _PADDING_PX]},
        minZoom=_MIN_ZOOM,
        maxZoom=_MAX_ZOOM,
        zoomSnap=0.25,
        zoomDelta=0.5,
        wheelPxPerZoomLevel=120,
        attributionControl=False,
        zoomControl=False,
        trackViewport=False,
    )
    return component
