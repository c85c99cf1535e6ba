"""`read_rows`: the rows of a body by the options of its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasources.contract import SourceDataError
from datasources.decode import decode_json, decode_text, decode_xml, looks_like_html
from datasources.formats.features import feature_rows, features
from datasources.formats.objects import check_ok, listed, unfolded
from datasources.formats.options import FormOptions
from datasources.formats.packed import read_cbor, read_lines
from datasources.formats.tables import read_csv
from datasources.formats.workbook import read_workbook
from datasources.formats.xml import as_object, xml_rows

LARGEST_TEXT = 10_000
"""Of a body that is one value."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a body holds. `geometries` are GeoJSON geometries in the order of the rows, () where the format has none.

    `document` is the whole of it as objects, for what stands beside the rows (next pages, cursors); None of a table.
    """

    rows: Sequence[Any]
    geometries: tuple[Any, ...] = ()
    document: Any = None


def read_rows(body: bytes, form: FormOptions, content_type: str = "", *, is_message: bool = False) -> Rows:
    """The rows of a body. Raises SourceDataError when it is not what its format promises, or says that it is an error;
    SourceAuthFailed when it says that the credentials are refused.

    `is_message`: a single object is one row, as messages that are pushed have it; else it must hold a list.
    """
    if looks_like_html(body) and form.format not in ("xml", "text"):
        raise SourceDataError("html", f"HTML where {form.format} is due")
    return _READERS[form.format](body, form, content_type, is_message)


def _json(body: bytes, form: FormOptions, content_type: str, is_message: bool) -> Rows:
    return _of_document(decode_json(body, content_type, form.encoding), form, is_message)


def _cbor(body: bytes, form: FormOptions, content_type: str, is_message: bool) -> Rows:
    return _of_document(read_cbor(body), form, is_message)


def _of_document(document: Any, form: FormOptions, is_message: bool) -> Rows:
    check_ok(document, form.ok)
    return Rows(unfolded(listed(document, form, is_message), form.inside), document=document)


def _lines(body: bytes, form: FormOptions, content_type: str, is_message: bool) -> Rows:
    return Rows(unfolded(read_lines(body, content_type, form.encoding), form.inside))


def _xml(body: bytes, form: FormOptions, content_type: str, is_message: bool) -> Rows:
    root = decode_xml(body)
    document = as_object(root)
    check_ok(document, form.ok)
    return Rows(unfolded(xml_rows(root, form.rows), form.inside), document=document)


def _csv(body: bytes, form: FormOptions, content_type: str, is_message: bool) -> Rows:
    delimiter = "\t" if form.format == "tsv" else form.delimiter
    return Rows(read_csv(decode_text(body, content_type, form.encoding), delimiter, form.columns))


def _geojson(body: bytes, form: FormOptions, content_type: str, is_message: bool) -> Rows:
    document = decode_json(body, content_type, form.encoding)
    check_ok(document, form.ok)
    found = features(document)
    rows = feature_rows(found)
    geometries = tuple(each.get("geometry") if isinstance(each, dict) else None for each in found)
    return Rows(rows, geometries, document)


def _workbook(body: bytes, form: FormOptions, content_type: str, is_message: bool) -> Rows:
    return Rows(read_workbook(body, form))


def _text(body: bytes, form: FormOptions, content_type: str, is_message: bool) -> Rows:
    value = decode_text(body[:LARGEST_TEXT], content_type, form.encoding).strip()
    return Rows([{"value": value}] if value else [])


_READERS: Mapping[str, Callable[[bytes, FormOptions, str, bool], Rows]] = {
    "json": _json,
    "jsonl": _lines,
    "xml": _xml,
    "csv": _csv,
    "tsv": _csv,
    "geojson": _geojson,
    "xlsx": _workbook,
    "cbor": _cbor,
    "text": _text,
}
