"""Reading a settings file: TOML, then references, then the model; every problem is found before any is reported."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from pydantic import ValidationError

from situation.settings.errors import Finding, Problem, SettingsError, as_toml
from situation.settings.lines import Lines, dotted
from situation.settings.model import Settings, SourceSettings
from situation.settings.references import References, is_secret
from situation.settings.salvage import salvage
from situation.settings.unknown import suggestion, unknown_keys
from situation.settings.wording import problems_of, toml_problem

Check = Callable[[Settings], Iterable[Finding]]
"""What another room finds wrong in settings that are right as far as this one can tell."""


class Load(Protocol):
    """How settings are read: `load_settings`, or what also knows the kinds of sources."""

    def __call__(self, path: Path, environ: Mapping[str, str], *, text: str | None = None) -> Settings:
        """Read and check; raises SettingsError."""
        ...


def load_settings(
    path: Path, environ: Mapping[str, str], check: Check | None = None, *, text: str | None = None
) -> Settings:
    """Read and check a settings file; `${NAME}` and `${NAME:-default}` come from `environ`.

    Raises SettingsError, which names every problem with its line. `check` adds what this room can't know: kinds of
    sources and their options (`datasources.settings.check`). `text`: what the file said when it was read before.
    """
    tree, lines = _parse(path, read_text(path) if text is None else text)
    references = References(path.parent, environ, lines)
    filled = references.fill(tree, ())
    problems = [*references.problems, *unknown_keys(Settings, tree, (), lines)]
    unresolved = {problem.key for problem in references.problems}

    def add(found: Iterable[Finding]) -> None:
        problems.extend(_to_problem(each, lines) for each in found if dotted(each.path) not in unresolved)

    settings: Settings | None = None
    try:
        settings = _with_absolute_paths(Settings.model_validate(filled), path.parent)
        add(_found_in(settings, check))
    except ValidationError as error:
        wrong = problems_of(error.errors(), lines)
        problems += [problem for problem in wrong if problem.key not in unresolved]
        rest = salvage(filled, error)
        if rest is not None:
            usable = _with_absolute_paths(rest.settings, path.parent)
            add(filter(None, map(rest.in_file, _found_in(usable, check))))
    if settings is None or problems:
        raise SettingsError(path, tuple(sorted(problems, key=lambda problem: (problem.line, problem.key))))
    return settings


def read_text(path: Path) -> str:
    """What a settings file says now, not checked yet; raises SettingsError when it can't be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(path, (Problem(0, "file", "", f"can't be read: {error.strerror}"),)) from error
    except UnicodeDecodeError as error:
        raise SettingsError(path, (Problem(0, "file", "", "must be UTF-8 text"),)) from error


def _parse(path: Path, text: str) -> tuple[dict[str, Any], Lines]:
    try:
        return tomllib.loads(text), Lines(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(path, (toml_problem(text, error),)) from error


def _found_in(settings: Settings, check: Check | None) -> Iterable[Finding]:
    return [*_check_names(settings), *(check(settings) if check else ())]


def _with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    """Paths in the file are meant from the file's folder, wherever the process was started."""

    def absolute(file: str) -> str:
        return str((folder / file).resolve())

    areas = tuple(area.model_copy(update={"file": absolute(area.file)}) for area in settings.areas)
    layers = tuple(layer.model_copy(update={"file": absolute(layer.file)}) for layer in settings.map.layers)
    tiles = settings.map.tiles
    if tiles is not None and tiles.path:
        tiles = tiles.model_copy(update={"path": absolute(tiles.path)})
    shown = settings.map.model_copy(update={"tiles": tiles, "layers": layers})
    sources = tuple(_with_absolute_files(source, absolute) for source in settings.sources)
    return settings.model_copy(update={"areas": areas, "map": shown, "sources": sources})


def _with_absolute_files(source: SourceSettings, absolute: Callable[[str], str]) -> SourceSettings:
    """A `file:` address, and options that are named as files (`places_file`), are meant so too."""
    changed: dict[str, Any] = {}
    files = {
        name: absolute(value)
        for name, value in source.options.items()
        if name.endswith("_file") and isinstance(value, str) and value
    }
    if files:
        changed["options"] = {**source.options, **files}
    address = urlsplit(source.url)
    if address.scheme == "file":
        changed["url"] = f"file:{absolute(address.path)}"
    return source.model_copy(update=changed) if changed else source


def _check_names(settings: Settings) -> Iterable[Finding]:
    """Files that are not there, and departments that nobody is. Without `[[departments]]` a source may name any."""
    for path, file in settings.files():
        if not Path(file).is_file():
            yield Finding(path, as_toml(file), "there is no such file")
    known = [department.id for department in settings.departments]
    for path, named in settings.named_departments() if known else ():
        if named not in known:
            yield Finding(path, as_toml(named), suggestion(named, known, "department"))
    for place, source in enumerate(settings.sources):
        stale_after_s, interval_s = source.stale_after_s, source.interval_s
        if stale_after_s is not None and interval_s is not None and stale_after_s < interval_s:
            allowed = f"must not be below its interval_s of {interval_s:g}: it would be old before it is asked again"
            yield Finding(("sources", place, "stale_after_s"), as_toml(stale_after_s), allowed)


def _to_problem(finding: Finding, lines: Lines) -> Problem:
    value = "***" if finding.value and is_secret(finding.path) else finding.value
    return Problem(lines.of(finding.path), dotted(finding.path), value, finding.allowed)
