"""What `[sources.options]` of a `warnings_json` source may hold."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from datasources.asking.options import AskingOptions
from datasources.warnings_json.presets import PRESETS
from situation.settings.secret import Secret


class WarningsOptions(AskingOptions):
    """Options of `warnings_json`."""

    preset: str = Field(description="whose JSON it is: " + ", ".join(PRESETS))
    path: str = Field("", description="below `url`")
    areas: tuple[str, ...] = Field(
        (), description="cma: adcodes wanted; swic: words wanted; qweather: adcodes where they hold"
    )
    query: dict[str, str | Secret] = Field(default_factory=dict, description="added to the address")
    api_key: Secret | str = Field("", description="sent in the header that the preset's service wants it in")

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        preset = PRESETS.get(self.preset)
        if preset is None:
            raise ValueError(f"preset {self.preset!r}; allowed: {', '.join(PRESETS)}")
        if preset.needs_areas and not self.areas:
            raise ValueError("areas is missing: this list is far wider than a district; name what you want of it")
        return self
