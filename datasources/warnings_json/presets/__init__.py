"""The shipped presets, by the name that the option `preset` gives them."""

from __future__ import annotations

from collections.abc import Mapping

from datasources.warnings_json.preset import Preset
from datasources.warnings_json.presets import cma, nws, qweather, qweather_v1, swic

PRESETS: Mapping[str, Preset] = {
    "cma": cma.PRESET,
    "nws": nws.PRESET,
    "qweather": qweather.PRESET,
    "qweather-v1": qweather_v1.PRESET,
    "swic": swic.PRESET,
}
