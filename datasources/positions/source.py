"""The `positions` source: everybody's last position in one reply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator

from datasources.contract import Manifest, SourceSettings
from datasources.formats import OkOptions
from datasources.http import HttpClient
from datasources.mapped import DocumentOptions, MappedDocuments, build_documents

MANIFEST = Manifest(
    kind="positions",
    records=("officer",),
    interval_s=15,
    timeout_s=15,
    stale_after_s=120,
    crs="bd09",
    moves_within_s=900,
)

FIELDS: Mapping[str, str] = {
    "id": "personId",
    "name": "personName",
    "role": "post",
    "phone": "phone",
    "department": "deptCode",
    "beat_code": "gridCode",
    "lon": "lng",
    "lat": "lat",
    "positioned_at": "locateTime",
    "speed_mps": "speed",
    "heading_deg": "direction",
    "on_duty": "onDuty",
}
"""Names differ per vendor: the option `fields` overrides these one by one."""

_MPS_PER_KMPH = 1 / 3.6


class PositionOptions(DocumentOptions):
    """Options of `positions`: a form and a mapping whose defaults fit the usual service."""

    path: str = "api/person/position/list"
    rows: str = "rows"
    record: Literal["officer"] = "officer"
    fields: dict[str, str] = Field(default_factory=lambda: dict(FIELDS))
    scale: dict[str, float] = Field(default_factory=lambda: {"speed_mps": _MPS_PER_KMPH})
    ok: OkOptions | None = OkOptions(path="code", equals=(0, 200), message="msg")

    @field_validator("fields")
    @classmethod
    def _over_the_usual(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {**FIELDS, **given}


def build(settings: SourceSettings, http: HttpClient) -> MappedDocuments:
    """Make the source; raises OptionsError."""
    return build_documents(MANIFEST, PositionOptions, settings, http)
