"""The part of a wrong settings file that is right so far, so that what other rooms find wrong is told with the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from situation.settings.errors import Finding
from situation.settings.model import Settings

_NOBODY = {"name": "?", "adcode": "000000"}
_SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """Settings without what is wrong in them. `places` are those of its sources in the file."""

    settings: Settings
    places: Sequence[int]

    def in_file(self, finding: Finding) -> Finding | None:
        """The finding by its place in the file; None for one that is only about what was left out."""
        if finding.path[:1] == ("district",) or (finding.path[0], *finding.path[2:3]) == ("shares", "areas"):
            return None  # which areas there are is not known either
        if finding.path[:1] == (_SOURCES,) and isinstance(finding.path[1], int):
            return replace(finding, path=(_SOURCES, self.places[finding.path[1]], *finding.path[2:]))
        return finding


def salvage(tree: Mapping[str, Any], wrong: ValidationError) -> Salvaged | None:
    """What is right so far; None when that is nothing that could be checked."""
    broken = {error["loc"][: 2 if error["loc"][:1] == (_SOURCES,) else 1] for error in wrong.errors()}
    kept = {key: value for key, value in tree.items() if (key,) not in broken}
    sources = kept.get(_SOURCES, [])
    if not isinstance(sources, list) or not sources:
        return None
    places = [place for place in range(len(sources)) if (_SOURCES, place) not in broken]
    try:
        settings = Settings.model_validate(
            {"district": _NOBODY, **kept, _SOURCES: [sources[place] for place in places]}
        )
    except ValidationError:
        return None
    return Salvaged(settings, places)
