"""`unitCode` of NGSI attributes: what is told in another unit becomes ours.

The codes are the common codes of UN/CEFACT Recommendation 20.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasources.fields import number


@dataclass(frozen=True, slots=True)
class _Unit:
    """A value times `factor` plus `offset` is the same in the first unit of the quantity."""

    quantity: str
    factor: float = 1.0
    offset: float = 0.0


_CODES: Mapping[str, _Unit] = {
    "GQ": _Unit("mass per volume"),  # µg/m³
    "GP": _Unit("mass per volume", 1_000.0),  # mg/m³
    "59": _Unit("parts"),  # ppm; what mass that is depends on the gas, its temperature and pressure
    "61": _Unit("parts", 0.001),  # ppb
    "MTS": _Unit("speed"),
    "KMH": _Unit("speed", 1 / 3.6),
    "KNT": _Unit("speed", 1_852 / 3_600),
    "HM": _Unit("speed", 0.44704),  # mile/h
    "CEL": _Unit("temperature"),
    "KEL": _Unit("temperature", 1.0, -273.15),
    "FAH": _Unit("temperature", 5 / 9, -160 / 9),
    "MTR": _Unit("length"),
    "CMT": _Unit("length", 0.01),
    "MMT": _Unit("length", 0.001),
    "A97": _Unit("pressure"),  # hPa
    "MBR": _Unit("pressure"),
    "PAL": _Unit("pressure", 0.01),
    "KPA": _Unit("pressure", 10.0),
    "MQS": _Unit("flow"),  # m³/s
    "G51": _Unit("flow", 0.001),  # l/s
    "2N": _Unit("level"),  # dB
}
_OURS: Mapping[str, str] = {
    "µg/m³": "GQ",
    "mg/m³": "GP",
    "ppm": "59",
    "ppb": "61",
    "m/s": "MTS",
    "km/h": "KMH",
    "°C": "CEL",
    "m": "MTR",
    "cm": "CMT",
    "mm": "MMT",
    "hPa": "A97",
    "Pa": "PAL",
    "kPa": "KPA",
    "m³/s": "MQS",
    "L/s": "G51",
    "dB": "2N",
}
_NAME = re.compile(r"\w+")


def units_of(readings: Any) -> dict[str, str]:
    """Attribute → its unit by `[sources.options.readings]`; none where a `scale` there turns theirs into ours."""
    tables = readings.items() if isinstance(readings, Mapping) else ()
    return {
        name: str(table["unit"])
        for key, table in tables
        if isinstance(table, Mapping) and table.get("unit") and table.get("scale", 1.0) == 1.0
        for name in _NAME.findall(str(table.get("value") or key))
    }


def converted(value: Any, code: str, unit: str) -> Any:
    """The value in our `unit`; None where its code is of another quantity. As given where one is not known."""
    given, wanted = _CODES.get(code), _CODES.get(_OURS.get(unit, ""))
    found = number(value)
    if given is None or wanted is None or found is None or given == wanted:
        return value
    if given.quantity != wanted.quantity:
        return None
    return (found * given.factor + given.offset - wanted.offset) / wanted.factor
