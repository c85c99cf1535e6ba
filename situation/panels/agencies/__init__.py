"""Panels of the departments scene."""

from __future__ import annotations

from situation.panels.definition import PanelDefinition

PANELS: tuple[PanelDefinition, ...] = ()
