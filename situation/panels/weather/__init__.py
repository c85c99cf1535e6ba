"""Panels of the weather scene."""

from __future__ import annotations

from situation.panels.definition import PanelDefinition

PANELS: tuple[PanelDefinition, ...] = ()
