"""What the pages must know of the district and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from layouts.text import LANGUAGES, say


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """Settings of the screens. `extra` is handed to the browser as it is (map settings …): nothing secret."""

    district: str
    district_en: str = ""
    title: str = ""  # instead of the usual one
    title_en: str = ""
    language: str = "zh"
    timezone: str = "Asia/Shanghai"
    speed: float = 1.0  # city seconds per real second
    ontime_target: float = 0.95
    release: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def titles(self) -> dict[str, str]:
        """The name of the wall in every language."""
        names = {"zh": self.district, "en": self.district_en or self.district}
        given = {"zh": self.title, "en": self.title_en or self.title}
        return {
            language: given[language] or say(language, "page.title", district=names[language]) for language in LANGUAGES
        }
