"""What a settings file says of a district itself: who it is, its areas, its departments, its limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from situation.crs import CrsName
from situation.records import AreaKind, GridScheme, Threshold
from situation.settings.kinds import Table, ZoneName

Language = Literal["zh", "en"]


class District(Table):
    """`[district]`: who we are. `adcode` is the six-digit code of the district."""

    name: str
    name_en: str = ""
    adcode: str = Field(pattern=r"^\d{6}$")
    timezone: ZoneName = "Asia/Shanghai"
    language: Language = "zh"
    title: str = ""
    title_en: str = ""


def _has_known_ending(file: str) -> str:
    if not file.lower().endswith((".geojson", ".json", ".csv")):
        raise ValueError("must be a .geojson, .json or .csv file")
    return file


class AreaFile(Table):
    """One `[[areas]]`: a file of areas beside the settings, and which of its properties say what.

    `level` is what all areas of the file are, where no property (`kind`) says it; `kinds` are their words for ours.
    """

    file: Annotated[str, AfterValidator(_has_known_ending)]
    crs: CrsName = "wgs84"
    encoding: str = ""
    scheme: GridScheme = GridScheme.ADMINISTRATIVE
    level: AreaKind | None = None
    code: str = "code"
    name: str = "name"
    name_en: str = "name_en"
    parent: str = "parent"
    kind: str = "kind"
    population: str = "population"
    kinds: dict[str, AreaKind] = Field(default_factory=dict)


class LayerFile(Table):
    """One `[[map.layers]]`: a GeoJSON file that is a layer of the base map."""

    id: Literal["water", "green", "rail", "expressway", "major_road", "minor_road", "building"]
    file: Annotated[str, AfterValidator(_has_known_ending)]
    crs: CrsName = "wgs84"


class DepartmentSettings(Table):
    """One `[[departments]]`. `id` is what sources and records name; `owner` answers for its data."""

    id: str = Field(min_length=1, max_length=64)
    name: str
    name_en: str = ""
    phone: str = ""
    duty_officer: str = ""
    owner: str = ""


class Limit(Table):
    """One limit: crossed at `limit` or beyond; `above = false`: at or below. `level` 1 is the worst."""

    level: Literal[1, 2, 3]
    limit: float
    above: bool = True
    label: str = ""


class ThresholdSettings(Table):
    """One `[[thresholds]]`: limits of a measured quantity where its source gives none. Rows are tried in order."""

    observed_property: str = ""
    sensor_kind: str = ""
    limits: tuple[Limit, ...]

    @model_validator(mode="after")
    def _says_of_what(self) -> ThresholdSettings:
        if not self.observed_property and not self.sensor_kind:
            raise ValueError("needs observed_property, sensor_kind or both")
        if not self.limits:
            raise ValueError("needs at least one limit")
        return self

    def thresholds(self) -> tuple[Threshold, ...]:
        """As records carry them, the worst first."""
        found = [Threshold(level=one.level, limit=one.limit, above=one.above, label=one.label) for one in self.limits]
        return tuple(sorted(found, key=lambda threshold: threshold.level))
