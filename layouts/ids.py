"""Every id of a component. Nothing else may spell an id."""

from __future__ import annotations

LOCATION = "page-location"
MAIN = "page-main"
TITLE = "page-title"
FEED_BAND = "feed-band"
SHEET = "sheet"
SHEET_BODY = "sheet-body"
SHEET_PULSE = "sheet-pulse"
DETAIL = "detail-data"
SKIP_LINK = "page-skip-link"
TABS = "page-tabs"


def scene_frames(scene: str) -> str:
    """The element that holds a scene's own frames once they have been asked for."""
    return f"frames-{scene}"


def scene_wanted(scene: str) -> str:
    """The store by which the browser asks for a scene's frames."""
    return f"frames-{scene}-wanted"


def graph(key: str) -> str:
    """The chart of a panel that has one."""
    return f"{key}-graph"


def panel(key: str) -> str:
    """The section of a panel."""
    return f"panel-{key}"


def panel_title(key: str) -> str:
    """The heading that names a panel's section."""
    return f"panel-{key}-title"


def panel_body(key: str) -> str:
    """The element that `assets/panels/<key>.js` fills; Dash never renders anything into it."""
    return f"panel-{key}-body"
