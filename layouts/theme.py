"""Colours of the wall and the templates of its charts. The same tokens stand in `assets/00-tokens.css`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import plotly.graph_objects as go

TOKENS = MappingProxyType(
    {
        "surface-0": "#0b1220",
        "surface-1": "#101a2c",
        "surface-2": "#18253c",
        "line": "#1b2942",
        "line-strong": "#33476a",
        "text-1": "#f3f7ff",
        "text-2": "#dbe5f4",
        "text-3": "#a9bbd6",
        "text-4": "#8398b8",
        "selection": "#5ab0ff",
        "bar": "#5f86b8",
        "camera": "#3f6ea3",
        "offline": "#8b6f5a",
        "sensor": "#4fa39a",
        "case": "#d6e0f0",
        "overdue": "#f2c200",
        "blue": "#3d7fe0",
        "yellow": "#f2c200",
        "orange": "#f08c28",
        "red": "#ff4d4f",
    }
)

FONT = '"Noto Sans SC Variable", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", sans-serif'


@dataclass(frozen=True, slots=True)
class HourlyTraces:
    """Order of the traces of `hourly_figure`; `assets/panels/hourly.js` fills them by these positions."""

    low: int = 0
    high: int = 1
    median: int = 2
    today: int = 3
    last: int = 4


@dataclass(frozen=True, slots=True)
class WatchedTraces:
    """Order of the traces of `watched_figure`; `assets/panels/watched.js` fills them by these positions."""

    measured: int = 0
    projected: int = 1
    limit: int = 2
    last: int = 3


def _base(**layout: Any) -> go.Layout:
    """What the charts of the wall share: no frame, no toolbar, nothing that moves by itself."""
    return go.Layout(
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "color": TOKENS["text-4"], "size": 12},
        margin={"l": 14, "r": 16, "t": 4, "b": 18},
        showlegend=False,
        hovermode="x unified",
        hoverlabel={"bgcolor": TOKENS["surface-2"], "bordercolor": TOKENS["line-strong"]},
        dragmode=False,
        template="none",
        **layout,
    )


def _line(**options: Any) -> go.Scatter:
    return go.Scatter(**{"x": [], "y": [], "mode": "lines", "hoverinfo": "skip", **options})


def hourly_figure() -> go.Figure:
    """Today's registrations per hour over the band of the same weekday; empty until the feed fills it."""
    band = {"width": 0, "shape": "spline", "smoothing": 0.6}
    return go.Figure(
        data=[
            _line(line=band),
            _line(line=band, fill="tonexty", fillcolor="rgba(95,134,184,.22)"),
            _line(line={"color": TOKENS["bar"], "width": 1, "dash": "dot"}),
            _line(line={"color": TOKENS["text-1"], "width": 2}, hoverinfo="x+y"),
            _line(
                mode="markers+text",
                marker={"color": TOKENS["text-1"], "size": 7},
                textposition="top center",
                textfont={"color": TOKENS["text-1"], "size": 14, "weight": 700},
                cliponaxis=False,
            ),
        ],
        layout=_base(
            xaxis={
                "range": [-0.3, 24.3],
                "tickvals": [0, 6, 12, 18, 24],
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
                "ticklabelstandoff": 2,
            },
            yaxis={"rangemode": "tozero", "visible": False, "fixedrange": True},
        ),
    )


def watched_figure() -> go.Figure:
    """A watched sensor's readings, dotted projection and dashed limit; empty until the feed fills it."""
    return go.Figure(
        data=[
            _line(line={"color": "#c3d3ea", "width": 2}, hoverinfo="x+y"),
            _line(line={"color": "#c3d3ea", "width": 2, "dash": "dot"}),
            _line(line={"color": TOKENS["orange"], "width": 1.5, "dash": "dash"}),
            _line(mode="markers", marker={"color": TOKENS["text-1"], "size": 7}, cliponaxis=False),
        ],
        layout=_base(
            xaxis={"type": "date", "showgrid": False, "zeroline": False, "fixedrange": True, "nticks": 4},
            yaxis={"visible": False, "fixedrange": True},
        ),
    )


def readings_figure(readings: Sequence[tuple[datetime, float]], limits: Sequence[float]) -> go.Figure:
    """Readings over local time and the limits near enough to be seen beside them, for a side sheet."""
    values = [value for _, value in readings]
    low, high = min(values), max(values)
    reach = max(high - low, abs(high) * 0.25, 1e-9)
    near = [limit for limit in limits if low - reach <= limit <= high + reach]
    floor, top = min([low, *near]), max([high, *near])
    margin = (top - floor or reach) * 0.15
    figure = go.Figure(
        data=[_line(x=[at for at, _ in readings], y=values, line={"color": "#c3d3ea", "width": 2}, hoverinfo="x+y")],
        layout=_base(
            xaxis={"type": "date", "showgrid": False, "zeroline": False, "fixedrange": True, "nticks": 5},
            yaxis={
                "range": [floor - margin, top + margin],
                "nticks": 4,
                "gridcolor": TOKENS["line"],
                "fixedrange": True,
            },
        ),
    )
    figure.update_layout(margin={"l": 40, "r": 12, "t": 6, "b": 22}, xaxis_tickformat="%H:%M")
    for limit in near:
        figure.add_hline(y=limit, line={"color": TOKENS["orange"], "width": 1.2, "dash": "dash"})
    return figure


GRAPH_CONFIG: Any = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}
