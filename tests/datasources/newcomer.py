"""What somebody with a text editor does: `new` for an address they were given, then `check` of the block it wrote."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fake_upstream import Upstream

from datasources.__main__ import main

DISTRICT = '[district]\nname = "长宁区"\nadcode = "310105"\n'


@dataclass(frozen=True)
class Newcomer:
    """Has one unknown system before them, at `/s`."""

    upstream: Upstream
    capsys: pytest.CaptureFixture[str]
    settings: Path

    def connect(self, answer: Any, query: str = "") -> tuple[str, dict[str, Any]]:
        """What both commands print, and the block. `answer`: bytes, a function of the question, or a document."""
        is_ready = isinstance(answer, bytes) or callable(answer)
        self.upstream.pages["/s"] = answer if is_ready else json.dumps(answer, ensure_ascii=False).encode()
        self.settings.write_text(DISTRICT, encoding="utf-8")
        arguments = ("--settings", str(self.settings))
        assert main(["new", "fresh", "--url", f"{self.upstream.url}/s{query}", *arguments, "--append"]) == 0
        text = self.capsys.readouterr().out
        main(["check", *arguments])
        (source,) = tomllib.loads(text)["sources"]
        return text + self.capsys.readouterr().out, source
