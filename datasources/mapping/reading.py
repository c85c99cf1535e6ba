"""The mapping in a source's options, checked as a whole and put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from datasources.contract import SourceSettings
from datasources.fields import zone
from datasources.mapping.convert import WORDS, converter
from datasources.mapping.kinds import MAPPABLE, MappableKind
from datasources.mapping.options import MappingOptions
from datasources.mapping.paths import compile_path
from datasources.mapping.places import Positions
from datasources.mapping.rows import FieldPlan, RowMapping
from datasources.mapping.spec import Spec
from datasources.options import OptionProblem, OptionsError, read_part
from situation.crs import Crs
from situation.settings import as_toml, nearest

_USUAL_COLUMNS: Mapping[str, str] = {"parents": "parent"}


def read_mapping(settings: SourceSettings, crs: Crs, options: MappingOptions | None = None) -> RowMapping:
    """The mapping of a source whose positions are in `crs`; raises OptionsError that names every wrong option.

    Without `options` they are read from the settings; those that are not the mapping's are left to whoever knows them.
    """
    options = options or read_part(MappingOptions, settings)
    problems = tuple(find_problems(options))
    if problems:
        raise OptionsError(settings.key, problems)
    kind = MAPPABLE[options.record]
    spec = Spec(
        key=settings.key,
        url=settings.url,
        department=settings.department,
        crs=options.plane.plane() if options.plane else crs,
        zone=settings.timezone,
        options=options,
    )
    zone(settings.timezone)
    default_prefix = f"{settings.key}." if kind.prefixed else ""
    return RowMapping(
        kind=kind,
        crs=spec.crs,
        prefix=default_prefix if options.id_prefix is None else options.id_prefix,
        shared_ids=kind.shared_ids if options.id_prefix is None else None,
        identity=spec.getter("id"),
        id_path=options.fields.get("id", "id"),
        fields=_fields(kind, spec),
        given={"source": settings.key, "department": settings.department, **_constants(kind, spec)},
        positions=Positions(spec) if kind.is_placed else None,
        finish=kind.finish(spec),
    )


def find_problems(options: MappingOptions) -> Iterator[OptionProblem]:
    """What is wrong with a mapping beyond the types of its options."""
    kind = MAPPABLE.get(options.record)
    if kind is None:
        allowed = f"should be one of {', '.join(MAPPABLE)}{nearest(options.record, MAPPABLE)}"
        yield OptionProblem(("options", "record"), as_toml(options.record), allowed)
        return
    known = kind.known()
    for option in ("fields", "constants", "values", "scale"):
        for name in getattr(options, option):
            if name not in known:
                yield OptionProblem(("options", option, name), "", _nearest(name, known))
    yield from _wrong_paths(options)
    yield from _wrong_values(kind, options)


def _wrong_paths(options: MappingOptions) -> Iterator[OptionProblem]:
    for option, paths in (("fields", options.fields), ("media", options.media)):
        for name, path in paths.items():
            try:
                compile_path(path)
            except ValueError as error:
                yield OptionProblem(("options", option, name), as_toml(path), str(error))


def _wrong_values(kind: MappableKind, options: MappingOptions) -> Iterator[OptionProblem]:
    """Constants and what tables translate to, where the field can't hold them."""
    annotations = kind.annotations()
    ours: list[tuple[tuple[str, ...], Any]] = [
        (("constants", name), value) for name, value in options.constants.items()
    ]
    for name, table in options.values.items():
        ours += [(("values", name, theirs), value) for theirs, value in table.items()]
    for where, value in ours:
        problem = _problem_of(annotations.get(where[1], "str"), value)
        if problem:
            yield OptionProblem(("options", *where), as_toml(value), problem)


def _problem_of(annotation: str, value: Any) -> str:
    """Why a field of that type can't hold a value; "" when it can."""
    words = WORDS.get(annotation)
    if words is not None:
        return "" if str(value) in words else f"should be one of {', '.join(sorted(words))}{nearest(str(value), words)}"
    convert = converter("", annotation, None, "", 1.0)
    if convert is None:
        return ""
    try:
        return "is nothing that the field can hold" if convert(value) is None else ""
    except ValueError as error:
        return str(error)


def _nearest(name: str, known: frozenset[str]) -> str:
    return f"is no field of this record{nearest(name, known)}; allowed: {', '.join(sorted(known))}"


def _fields(kind: MappableKind, spec: Spec) -> tuple[FieldPlan, ...]:
    plans = []
    for name, annotation in kind.plain(spec.options.fields).items():
        convert = spec.convert(name, annotation)
        if convert is not None:
            plans.append(FieldPlan(name, _getter(spec, name), spec.table(name), convert))
    return tuple(plans)


def _getter(spec: Spec, name: str) -> Any:
    """Where a field stands: where the mapping says, else under its own name, else under its usual one."""
    usual = _USUAL_COLUMNS.get(name)
    if name in spec.options.fields or usual is None:
        return spec.getter(name)
    return lambda row: row.get(name, row.get(usual))


def _constants(kind: MappableKind, spec: Spec) -> dict[str, Any]:
    plain = kind.plain(kind.annotations())
    found = {}
    for name, value in spec.options.constants.items():
        convert = spec.convert(name, plain[name]) if name in plain else None
        if convert is not None:
            found[name] = convert(value)
    return found
