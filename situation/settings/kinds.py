"""Checked kinds of values that several tables of the settings share."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Table(BaseModel):
    """A table of the file: nothing unknown in it, nothing that changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _is_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("must be a time zone like Asia/Shanghai") from error
    return name


def _has_no_password(url: str) -> str:
    """An address is shown in many places; a password in it would be too."""
    if urlsplit(url).password:
        raise ValueError("must not hold a password: give username and password in [sources.options]")
    return url


ZoneName = Annotated[str, AfterValidator(_is_zone)]
Seconds = Annotated[float, Field(gt=0)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
Address = Annotated[str, AfterValidator(_has_no_password)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
