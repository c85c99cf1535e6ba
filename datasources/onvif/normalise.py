"""What an ONVIF device says (Profile S) to what is known of it; addresses moved to where the device really is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from datasources.cap.elements import find_all
from datasources.contract import RecordRejected, Rejection
from datasources.fields import each, number
from datasources.media.addresses import codec_of, moved, split
from datasources.onvif.soap import value

Choice = Literal["largest", "smallest"]
DEVICE_SERVICE = "/onvif/device_service"


@dataclass(frozen=True, slots=True)
class Profile:
    """One media profile: a picture size and a codec of one video source."""

    token: str
    source: str
    codec: str
    pixels: float
    has_ptz: bool


def device_time(response: Element) -> datetime | None:
    """The UTC of a GetSystemDateAndTimeResponse; None when the device has none."""
    at = find_all(response, "utcdatetime")
    parts = [number(value(at[0], name)) for name in ("year", "month", "day", "hour", "minute", "second")] if at else []
    try:
        year, month, day, hour, minute, second = (int(part) for part in parts if part is not None)
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None


def profiles(response: Element) -> tuple[list[Profile], list[Rejection]]:
    """The profiles of a GetProfilesResponse that have a video source."""
    found, rejected = each(find_all(response, "profiles"), _profile)
    return [profile for profile in found if profile.source], rejected


def chosen(found: Iterable[Profile], choice: Choice) -> list[Profile]:
    """One profile for each video source, in the order the device names them."""
    by_source: dict[str, list[Profile]] = {}
    for profile in found:
        by_source.setdefault(profile.source, []).append(profile)
    sign = -1 if choice == "largest" else 1
    return [min(group, key=lambda each: (each.codec != "h264", sign * each.pixels)) for group in by_source.values()]


def device_service(url: str) -> str:
    """The address of the device service, for a configured address with or without its path."""
    parts = urlsplit(url)
    return url if parts.path.strip("/") else parts._replace(path=DEVICE_SERVICE).geturl()


def reachable(url: str, own: str, reported_own: str = "", hosts: Iterable[str] = ()) -> str:
    """An address a device reports, on the host it is configured with: behind NAT devices name one nobody reaches.

    `reported_own` is how the device names its own device service: where its port is another one than ours, that port
    means ours. Hosts in `hosts` are left as they are. "" for what is no address.
    """
    parts, here, there = split(url.strip()), split(own), split(reported_own)
    if parts is None or here is None:
        return ""
    if parts.hostname in (here.hostname, *hosts):
        return url.strip()
    is_web = parts.scheme in ("http", "https")
    ports = {there.port: here.port} if is_web and there is not None and there.hostname != here.hostname else {}
    return moved(url.strip(), here.hostname or "", ports)


def _profile(element: Element) -> Profile:
    token = element.get("token", "").strip()
    if not token:
        raise RecordRejected("?", "a profile without a token")
    encoders = find_all(element, "videoencoderconfiguration")
    encoder = encoders[0] if encoders else element
    width, height = number(value(encoder, "resolution", "width")), number(value(encoder, "resolution", "height"))
    return Profile(
        token=token,
        source=value(element, "videosourceconfiguration", "sourcetoken"),
        codec=codec_of(value(encoder, "encoding")),
        pixels=(width or 0) * (height or 0),
        has_ptz=bool(find_all(element, "ptzconfiguration")),
    )
