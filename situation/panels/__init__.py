"""The panels' values: pure functions from the situation at a moment to what goes over the wire, one row each.

`PANELS` are the overview's, `SCENE_PANELS` those of every further scene.
"""

from situation.panels.definition import Choice, ChoiceError, PanelDefinition, Values
from situation.panels.table import PANELS, PANELS_BY_KEY, SCENE_PANELS

__all__ = ["PANELS", "PANELS_BY_KEY", "SCENE_PANELS", "Choice", "ChoiceError", "PanelDefinition", "Values"]
