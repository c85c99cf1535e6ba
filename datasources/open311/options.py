"""What `[sources.options]` of an `open311` source may hold."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from datasources.asking.options import AskingOptions
from situation.settings.secret import Secret


class Open311Options(AskingOptions):
    """Options of `open311`."""

    format: Literal["json", "xml"] = "json"
    states: dict[str, str] = Field(default_factory=dict, description="their words → our states")
    agencies: dict[str, str] = Field(default_factory=dict, description="agency_responsible → department")
    backfill_days: float = Field(30.0, ge=0, le=36_500, description="how far back to begin, in windows of 90 days")
    page_size: int = Field(1000, ge=1, le=10_000, description="rows asked for in one page")
    jurisdiction_id: str = Field("", description="for servers of several cities")
    api_key: Secret | str = Field("", description="for servers that want one for reading too")
