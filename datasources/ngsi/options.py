"""What `[sources.options]` of kind `ngsi` may hold."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from datasources.mapping import MappingOptions
from datasources.ngsi.presets import PresetName
from situation.settings import Secret


class NgsiOptions(MappingOptions):
    """`dialect` is `ld` or `v2`, `types` the entity types asked for, `query` a filter in the broker's words (`q`).

    `preset` is a mapping for entities of one Smart Data Model; whatever else is given here overrides it. `tenant` and
    `service_path` choose whose entities (FIWARE services); `context` is the address of the JSON-LD @context that short
    names are of. `token` goes into the header `auth_header`, with `Bearer` where that is `Authorization`.
    """

    dialect: Literal["ld", "v2"] = "ld"
    types: tuple[str, ...] = Field(min_length=1)
    query: str = ""
    path: str = ""
    preset: PresetName | None = None
    tenant: str = ""
    service_path: str = ""
    context: str = ""
    is_simplified: bool = False
    """Ask for key-value pairs: smaller, but without the times of single attributes."""
    page_size: int = Field(default=500, ge=1, le=1000)
    token: Secret | None = None
    auth_header: str = "Authorization"
