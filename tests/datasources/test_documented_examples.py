"""What the documents show works as it stands there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from source_settings import Block

from datasources.registry import KINDS, build

DOCS = Path(__file__).parents[2] / "docs"
SHOWN = (DOCS / "mapping.md", *sorted((DOCS / "kinds").glob("*.md")))
_DATABASE, _SECRET = re.compile(r"\$\{\w*DATABASE\w*\}"), re.compile(r"\$\{\w+\}")
_TOML = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks() -> list[Any]:
    """Every `[[sources]]` of the documents of kinds of source, by document and key."""
    found = []
    for path in SHOWN:
        for text in _TOML.findall(path.read_text("utf-8")):
            filled = _SECRET.sub("s3cret-of-16-characters", _DATABASE.sub("postgresql://u:p@127.0.0.1:5432/d", text))
            for block in tomllib.loads(filled).get("sources", []):
                if isinstance(block, dict) and block.get("kind") in KINDS:
                    found.append(pytest.param(block, id=f"{path.stem}:{block.get('key')}"))
    return found


@pytest.mark.parametrize("block", blocks())
def test_a_source_can_be_made_from_the_block_that_is_shown(block: dict[str, Any]) -> None:
    known = {name: block[name] for name in ("kind", "url", "key", "crs", "timezone", "interval_s") if name in block}
    source = build(Block(**known, options=block.get("options", {})))
    assert source.key == block["key"]
