"""The panels' values: pure functions from the situation at a moment to what goes over the wire, one row each."""

from situation.panels.definition import PanelDefinition, Values
from situation.panels.table import PANELS, PANELS_BY_KEY

__all__ = ["PANELS", "PANELS_BY_KEY", "PanelDefinition", "Values"]
