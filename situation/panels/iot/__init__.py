"""Panels of the IoT scene."""

from __future__ import annotations

from situation.panels.definition import PanelDefinition

PANELS: tuple[PanelDefinition, ...] = ()
