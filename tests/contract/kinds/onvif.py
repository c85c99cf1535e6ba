"""A recorder with three video sources."""

from examples import Example, Pages
from onvif_device import JPEG, OnvifDevice, envelope, profile


def _pages(profiles: list[str]) -> Pages:
    device = OnvifDevice(profiles)
    return {"/onvif/device_service": device.answer, "/onvif/media_service": device.answer, "/snap": JPEG}


_GOOD = [profile(f"P{number}", f"VS_{number}") for number in range(3)]

EXAMPLE = Example(
    kind="onvif",
    pages=_pages(_GOOD),
    kept=3,
    malformed=_pages([*_GOOD[:2], profile("", "VS_2")]),
    empty=_pages([]),
    wrong={"/onvif/device_service": envelope("<tds:GetHostnameResponse/>")},
)
