"""Rows inside JSON-like documents, and what a document says about itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from datasources.contract import SourceAuthFailed, SourceDataError
from datasources.fields import clean
from datasources.formats.options import FormOptions, OkOptions
from datasources.mapping.convert import word_of
from datasources.mapping.paths import compile_path, find

KEY = "@key"
"""The column that holds the key a row stood under; `@value` holds a row that is no object."""

PARENT = "@parent"
"""The column that holds what a row is part of."""

_CODE_LENGTH = 20
_WORDS_LENGTH = 300


def listed(document: Any, form: FormOptions, is_message: bool = False) -> list[Any]:
    """The rows of a document; raises SourceDataError where there is no list."""
    found = find(form.rows, document) if form.rows else document
    if form.rows_by_key:
        return _by_key(found, form.rows)
    if isinstance(found, list):
        return _named(found, form.columns)
    if found is None and form.rows and not is_message and _leads_there(form.rows, document):
        return []  # systems write null for an empty list
    if isinstance(found, Mapping) and (form.rows or is_message):
        return [found]
    if is_message and found is not None and not form.rows:
        return [{"value": found}]
    where = f"at {form.rows!r}" if form.rows else "at the top; the option `rows` says where it is"
    raise SourceDataError("wrong_shape", f"no list {where}{_what(document)}")


def check_ok(document: Any, ok: OkOptions | None) -> None:
    """Raise what a reply says about itself: SourceAuthFailed, or SourceDataError with its own code."""
    if ok is None:
        return
    found = find(ok.path, document)
    if found is None and not ok.required:
        return
    code = clean(word_of(found), _CODE_LENGTH)
    if code in {word_of(value) for value in _several(ok.equals)}:
        return
    words = clean(find(ok.message, document), _WORDS_LENGTH) if ok.message else ""
    if code in {word_of(value) for value in ok.auth}:
        raise SourceAuthFailed(f"auth_failed:{code}", words)
    raise SourceDataError(f"upstream_code:{code}", words)


def unfolded(rows: list[Any], inside: str) -> list[Any]:
    """The parts of rows as rows; a row that is no object stays as it is, to be rejected."""
    if not inside:
        return rows
    parts_of = compile_path(inside)
    found: list[Any] = []
    for row in rows:
        if not isinstance(row, Mapping):
            found.append(row)
            continue
        parts = parts_of(row)
        for part in parts if isinstance(parts, list) else [] if parts is None else [parts]:
            found.append({**part, PARENT: row} if isinstance(part, Mapping) else {"@value": part, PARENT: row})
    return found


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)


def _by_key(found: Any, where: str) -> list[Any]:
    if not isinstance(found, Mapping):
        raise SourceDataError("wrong_shape", f"no object at {where or 'the top'!r}")
    rows: list[Any] = []
    for key, value in found.items():
        for row in value if isinstance(value, list) else [value]:
            rows.append({**row, KEY: key} if isinstance(row, Mapping) else {KEY: key, "@value": row})
    return rows


def _named(rows: list[Any], columns: Sequence[str]) -> list[Any]:
    """Rows that are lists, as objects by the names of their columns."""
    if not columns:
        return rows
    return [dict(zip(columns, row, strict=False)) if isinstance(row, list) else row for row in rows]


def _leads_there(path: str, document: Any) -> bool:
    """Whether the place of the list is there, although nothing is in it."""
    parent, _, name = path.rpartition(".")
    holder = find(parent, document) if parent else document
    return isinstance(holder, Mapping) and name in holder


def _what(document: Any) -> str:
    if isinstance(document, Mapping):
        return f"; it has {', '.join(clean(name, 40) for name in list(document)[:12])}"
    return f"; it is {type(document).__name__}"
