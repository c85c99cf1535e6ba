"""What the documents say of connecting a source is so: codes, the worked example, the links."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasources.connecting.command import chosen, try_all
from datasources.registry import UnknownKind, find_kind
from datasources.settings import load
from situation.clock import CityClock

sys.path.append(str(Path(__file__).parents[1] / "contract"))
from fake_upstream import Upstream, serve

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
_LINK = re.compile(r"\]\(([^)#]+)\)")


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serve(Upstream()) as running:
        yield running


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def codes_of(text: str) -> set[str]:
    """Codes as they stand in backticks, without their arguments."""
    return {code.partition(":")[0] for code in re.findall(r"`([a-z_]+(?::[^`]*)?)`", text)}


def test_every_code_of_the_sources_is_explained() -> None:
    health = read("sources.md").partition("`error` of a source is a code")[2].partition("A source that pushes")[0]
    told = codes_of(re.sub(r"\([^)]*\)", "", health))
    explained = codes_of(
        "\n".join(line.split("|")[1] for line in read("troubleshooting.md").splitlines() if line[:1] == "|")
    )
    assert told - explained == set()
    assert len(told) > 25


def test_the_worked_example_is_the_file_that_lies_beside_it() -> None:
    (shown,) = re.findall(r"```python\n(.*?)```", read("own-source.md"), re.DOTALL)
    assert shown == read("pumps.py")
    assert len(shown.strip().splitlines()) <= 50


def test_the_worked_example_works(tmp_path: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "pumps", raising=False)
    (tmp_path / "pumps.py").write_text(read("pumps.py"), encoding="utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", read("own-source.md"), re.DOTALL)
    block = block.replace("http://10.20.0.9", upstream.url)
    file = tmp_path / "district.toml"
    file.write_text(f'[district]\nname = "长宁区"\nadcode = "310105"\n{block}', encoding="utf-8")
    row = {"no": 7, "station": "新泾港泵站", "kw": 55.5, "at": "2026-08-09 14:00:00"}
    upstream.pages["/pumps"] = json.dumps({"pumps": [row, {"no": 8}]}).encode()
    settings = load(file, {})
    (trial,) = try_all(settings, chosen(settings, [], 10), CityClock())
    assert (trial.records, trial.observations, trial.rejected) == ((("sensor", 1),), 1, 1)
    assert trial.found[0].id == "pumps.7"


def test_an_installed_package_can_name_its_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "pumps", raising=False)
    (tmp_path / "pumps.py").write_text(read("pumps.py"), encoding="utf-8")
    package = tmp_path / "water-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: water\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[onescreen.sources]\nour-pumps = pumps:PumpSource\n")
    assert find_kind("our-pumps").manifest.records == ("sensor",)
    with pytest.raises(UnknownKind, match="did you mean sensorthings"):
        find_kind("sensorthing")
    with pytest.raises(UnknownKind, match="can't be imported"):
        find_kind("pumps:Nothing")
    with pytest.raises(UnknownKind, match="is no adapter"):
        find_kind("json:loads")


@pytest.mark.parametrize("name", ["first-source.md", "own-source.md", "troubleshooting.md"])
def test_links_lead_somewhere(name: str) -> None:
    for target in _LINK.findall(read(name)):
        assert target.startswith("http") or (DOCS / target).exists(), target


def test_the_readme_leads_to_them() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert {"docs/first-source.md", "docs/own-source.md", "docs/troubleshooting.md"} <= set(_LINK.findall(readme))
