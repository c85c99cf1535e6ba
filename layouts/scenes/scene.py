"""What a scene is on a screen: its own frames, the overview's panels it shows too, the columns of a laptop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from layouts.panels import PanelView


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A table of panels with an address of its own, `/<key>` and `/wall/<key>`.

    `shared` names panels of the overview shown here too; `shared_tabs` puts them into another column than there.
    The panels of the column `main` a laptop always shows, beside the one column it can switch; a phone gives them a
    tab of their own. The text of a column is `tab.<column>`.
    """

    key: str
    panels: tuple[PanelView, ...] = ()
    shared: tuple[str, ...] = ()
    shared_tabs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    main: str = "map"

    @property
    def path(self) -> str:
        """Its address."""
        return f"/{self.key}"
