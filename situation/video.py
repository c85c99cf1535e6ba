"""What can be set of the video scene, `[video]`: its rounds, its saved groups, and when a picture is judged."""

from __future__ import annotations

from dataclasses import dataclass, field

LAYOUTS = (1, 4, 9, 16)
"""How many tiles a camera wall may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoGroup:
    """One `[video.groups.<name>]`: the cameras named, and those that fit every list given.

    `areas` are codes of streets, communities or grids; `kinds` forms of cameras (dome, fixed …).
    """

    name: str = ""
    name_en: str = ""
    cameras: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSettings:
    """All in real seconds: a picture's life is measured by the machine's clock, however fast the city's runs.

    `dwell_s`: how long a round shows the same tiles. `frozen_after_s`: how long a camera must give the very same
    picture before it counts as frozen. `patrol_every_s`: one picture of some camera nobody looks at is judged so
    often, 0 never. `idle_group`: the group shown while nothing burns, empty: the first.
    """

    dwell_s: float = 12.0
    frozen_after_s: float = 30.0
    patrol_every_s: float = 3.0
    idle_group: str = ""
    groups: dict[str, VideoGroup] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.dwell_s < 2 or self.frozen_after_s < 5 or self.patrol_every_s < 0:
            raise ValueError("dwell_s must be at least 2, frozen_after_s at least 5, patrol_every_s at least 0")
        if self.idle_group and self.idle_group not in self.groups:
            raise ValueError(
                f"idle_group must be one of {', '.join(self.groups) or 'the groups, of which there are none'}"
            )
