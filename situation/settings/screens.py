"""`[screens.<name>]`: walls known by name. What an address says (`/wall?scenes=…`) wins over what stands here."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from situation.settings.kinds import one_of

SCENES = ("overview", "video", "iot", "weather", "cases", "grid", "departments", "emergency", "sources")
"""Every scene a wall can show."""

SIDES = {"left": (1, 3), "centre": (2, 3), "right": (3, 3)}
MOST_PARTS = 9
_PART = re.compile(r"(\d)of(\d)")
_NIGHT = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


def part_of(text: str) -> tuple[int, int] | None:
    """Which of how many browsers side by side: `2of3`, `centre`; None for anything else."""
    if text in SIDES:
        return SIDES[text]
    found = _PART.fullmatch(text)
    if found is None:
        return None
    place, count = int(found[1]), int(found[2])
    return (place, count) if 1 <= place <= count <= MOST_PARTS else None


def is_no_part(name: str) -> str:
    """The name of a screen, which an address must not take for a part of a wall; raises ValueError."""
    if part_of(name) is not None:
        raise ValueError("is no name for a screen: it means a part of a wall")
    return name


def _is_part(text: str) -> str:
    if text and part_of(text) is None:
        raise ValueError("must be left, centre, right or a part like 1of3")
    return text


def _is_night(text: str) -> str:
    if text and _NIGHT.fullmatch(text) is None:
        raise ValueError("must be two times of day like 22:00-06:00")
    return text


SceneKey = Annotated[str, AfterValidator(one_of(SCENES))]
Seconds = Annotated[float, Field(ge=5, le=86_400)]


class Screen(BaseModel):
    """One wall. Times in real seconds.

    `scenes` are shown in turn, each for its `dwell_s` (one for all, or one each). `part` is the piece of one wide wall
    that this browser shows. `night` is when it is dimmed to `night_level` (city time). `idle_s` after the last touch a
    paused rotation goes on; `takeover_s` is how long an alarm or warning nobody acknowledges keeps the wall.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenes: tuple[SceneKey, ...] = Field(default=("overview",), min_length=1)
    dwell_s: tuple[Seconds, ...] = Field(default=(30.0,), min_length=1)
    part: Annotated[str, AfterValidator(_is_part)] = ""
    language: Literal["zh", "en"] | None = None
    theme: Literal["dark", "light"] | None = None
    viewing_distance_m: float | None = Field(default=None, gt=0, le=100)
    height_mm: float | None = Field(default=None, gt=0, le=50_000)
    night: Annotated[str, AfterValidator(_is_night)] = ""
    night_level: float = Field(default=0.45, ge=0.1, le=1)
    idle_s: Seconds = 60.0
    takeover_s: Seconds = 90.0
    sound: bool = False

    @model_validator(mode="after")
    def _dwells_fit(self) -> Screen:
        if len(self.dwell_s) not in (1, len(self.scenes)):
            raise ValueError(f"dwell_s needs one time, or one for each of its {len(self.scenes)} scenes")
        return self

    def query(self) -> dict[str, str]:
        """As an address would say it: only what differs from an address that says nothing."""
        given = {
            "scenes": ",".join(self.scenes),
            "dwell": ",".join(f"{dwell:g}" for dwell in self.dwell_s),
            "lang": self.language or "",
            "theme": self.theme or "",
            "viewing_distance_m": "" if self.viewing_distance_m is None else f"{self.viewing_distance_m:g}",
            "height_mm": "" if self.height_mm is None else f"{self.height_mm:g}",
            "night": self.night,
            "night_level": f"{self.night_level:g}",
            "idle": f"{self.idle_s:g}",
            "takeover": f"{self.takeover_s:g}",
            "sound": "on" if self.sound else "",
        }
        return {key: value for key, value in given.items() if value}
