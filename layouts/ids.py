"""Every id of a component. Nothing else may spell an id."""

from __future__ import annotations

LOCATION = "page-location"
MAIN = "page-main"
TITLE = "page-title"
FEED_BAND = "feed-band"
SHEET = "sheet"
SHEET_BODY = "sheet-body"
SHEET_PULSE = "sheet-pulse"
SKIP_LINK = "page-skip-link"
TABS = "page-tabs"

HOURLY_GRAPH = "hourly-graph"
WATCHED_GRAPH = "watched-graph"


def panel(key: str) -> str:
    """The section of a panel."""
    return f"panel-{key}"


def panel_title(key: str) -> str:
    """The heading that names a panel's section."""
    return f"panel-{key}-title"


def panel_body(key: str) -> str:
    """The element that `assets/panels/<key>.js` fills; Dash never renders anything into it."""
    return f"panel-{key}-body"
