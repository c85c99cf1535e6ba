"""The same district the plain way: one interval, one callback that returns all features every second.

Run as `python -m benchmarks.baseline.page PORT`.
"""

from __future__ import annotations

import random
import sys
import time
from typing import Any

import dash_leaflet as dl
from dash import Dash, Input, Output, dcc, html

FEATURES = 28_000
WEST, SOUTH, EAST, NORTH = 121.30, 31.28, 121.55, 31.52


def features(rng: random.Random, places: list[tuple[float, float]]) -> dict[str, Any]:
    """All marks as GeoJSON, one in five hundred offline."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": number,
                "properties": {"name": f"点位 {number}", "state": "offline" if rng.random() < 0.002 else "online"},
                "geometry": {"type": "Point", "coordinates": place},
            }
            for number, place in enumerate(places)
        ],
    }


def main() -> None:
    """Serve the page until killed."""
    rng = random.Random(7)
    places = [(rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH)) for _ in range(FEATURES)]
    app = Dash(__name__, serve_locally=True)
    app.layout = html.Div(
        [
            html.H1("District"),
            html.Div(id="stamp"),
            dl.Map([dl.GeoJSON(id="marks", cluster=True)], center=[31.4, 121.42], zoom=11, style={"height": "900px"}),
            dcc.Interval(id="tick", interval=1000),
        ]
    )

    @app.callback(Output("marks", "data"), Output("stamp", "children"), Input("tick", "n_intervals"))
    def refresh(_: int | None) -> tuple[dict[str, Any], str]:
        return features(rng, places), str(int(time.time() * 1000))

    app.run(host="127.0.0.1", port=int(sys.argv[1]), debug=False)


if __name__ == "__main__":
    main()
