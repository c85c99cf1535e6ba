"""What `[sources.options]` of a `camera_list` source may hold."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from datasources.formats.options import FormatName
from datasources.mapped import DocumentOptions
from datasources.media.addresses import ListedOptions


class CameraListOptions(DocumentOptions, ListedOptions):
    """A list in any format, its mapping with `media` (transport → column of addresses), and how it is looked at."""

    record: Literal["camera"] = "camera"
    format: FormatName = "csv"
    sample: int = Field(default=20, ge=0, le=500)
    """Cameras whose picture is looked at in each fetch, in turn; 0: none, so that nothing is known of any."""
    still_after_s: float = Field(default=300, ge=10)
    """City seconds after which a picture that stays the same is a dead camera's."""
