"""What `[sources.options]` of an `onvif` source may hold."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from datasources.login import Login
from datasources.media.addresses import HostOptions, LoginOptions
from datasources.media.sites import SiteOptions


class DeviceOptions(HostOptions, LoginOptions):
    """One device: a camera, or a recorder with many. Without a user of its own the source's is given."""

    id: str = Field(pattern=r"^[\w-]{1,64}$")
    """Part of its cameras' ids: keep it when the device moves to another address."""
    url: str
    """`http://host[:port]`, or the whole address of its device service."""
    name: str = ""

    @field_validator("url")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise ValueError("must be an address beginning with http:// or https://")
        return url


class OnvifOptions(HostOptions, LoginOptions, SiteOptions):
    """Without `devices` the source's own `url` is the one device."""

    devices: tuple[DeviceOptions, ...] = ()
    profile: Literal["largest", "smallest"] = "largest"
    """Which of a video source's profiles is played; H.264 before others, which browsers can't play."""
    describe_every_s: float = Field(default=3600, ge=60)
    """City seconds after which a device that answers is asked again what it has."""
    still_after_s: float = Field(default=300, ge=10)
    """City seconds after which a picture that stays the same is a dead camera's."""

    @field_validator("devices")
    @classmethod
    def _ids_differ(cls, devices: tuple[DeviceOptions, ...]) -> tuple[DeviceOptions, ...]:
        ids = [device.id for device in devices]
        twice = sorted({each for each in ids if ids.count(each) > 1})
        if twice:
            raise ValueError(f"every device needs an id of its own; given twice: {', '.join(twice)}")
        return devices

    def login_of(self, device: DeviceOptions) -> Login | None:
        """The login of a device."""
        return device.login or self.login
