"""Spoils the records of a reply whatever its format: JSON, GeoJSON, XML or CSV. Pure functions on bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from zlib import crc32

from lxml import etree

Change = Callable[[list[Any]], list[Any]]


def mangle(body: bytes, content_type: str, kind: str) -> bytes:
    """`body` with its records spoiled as `kind` (duplicates, out_of_order, half, wrong_types) says."""
    if not body:
        return body
    if "json" in content_type:
        return _mangle_json(body, "gb18030" if "gb18030" in content_type.lower() else "utf-8", kind)
    if "xml" in content_type:
        return _mangle_xml(body, kind)
    if "csv" in content_type:
        return _mangle_csv(body, kind)
    return body


def duplicated(records: list[Any]) -> list[Any]:
    """Every record twice, the second time at the end."""
    return records + records


def reordered(records: list[Any]) -> list[Any]:
    """The records in an order that has nothing to do with time: neighbours swapped, then read backwards."""
    return [*records[1::2], *records[0::2]][::-1]


def halved(records: list[Any]) -> list[Any]:
    """About half of the records, always the same ones."""
    return [record for record in records if crc32(_identity(record)) % 2 == 0]


def wrongly_typed(records: list[Any]) -> list[Any]:
    """Every second record with numbers as text, text as lists and objects as numbers."""
    return [_wrong(record) if index % 2 else record for index, record in enumerate(records)]


_IDENTITIES = ("@iot.id", "gbDeviceId", "deviceId", "service_request_id", "code", "id")

_CHANGES: dict[str, Change] = {
    "duplicates": duplicated,
    "out_of_order": reordered,
    "half": halved,
    "wrong_types": wrongly_typed,
}
RECORD_FAULTS = frozenset(_CHANGES)


def _identity(record: Any) -> bytes:
    if isinstance(record, dict):
        for name in _IDENTITIES:
            if name in record:
                return str(record[name]).encode()
        if isinstance(record.get("properties"), dict):
            return _identity(record["properties"])
    return repr(record).encode()


def _wrong(value: Any) -> Any:
    if not isinstance(value, dict):
        return "n/a"
    return {name: _wrong_field(field) for name, field in value.items()}


def _wrong_field(field: Any) -> Any:
    if isinstance(field, str):
        return [field]
    if isinstance(field, dict | list):
        return 0
    return {"value": "n/a"}


def _mangle_json(body: bytes, encoding: str, kind: str) -> bytes:
    document = json.loads(body.decode(encoding))
    changed = _replace_records(document, _CHANGES[kind])
    return json.dumps(changed, ensure_ascii=False, separators=(",", ":")).encode(encoding)


def _replace_records(document: Any, change: Change) -> Any:
    """The list of records is the body itself or the longest list of objects one or two levels down."""
    if isinstance(document, list):
        return change(document)
    if not isinstance(document, dict):
        return document
    for name, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return {**document, name: change(value)}
    for name, value in document.items():
        if isinstance(value, dict):
            return {**document, name: _replace_records(value, change)}
    return document


def _mangle_xml(body: bytes, kind: str) -> bytes:
    root = etree.fromstring(body)
    tag = root[-1].tag if len(root) else ""
    records = [child for child in root if child.tag == tag]
    texts = [etree.tostring(record, encoding="unicode") for record in records]
    if kind == "wrong_types":
        changed = [_wrong_xml(text) if index % 2 else text for index, text in enumerate(texts)]
    else:
        changed = _CHANGES[kind](texts)
    for record in records:
        root.remove(record)
    for text in changed:
        root.append(etree.fromstring(text))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _wrong_xml(text: str) -> str:
    record = etree.fromstring(text)
    for element in record.iter():
        if element.text and element.text.strip():
            element.text = "n/a"
    return str(etree.tostring(record, encoding="unicode"))


def _mangle_csv(body: bytes, kind: str) -> bytes:
    head, *lines = body.decode("utf-8-sig").splitlines()
    if kind == "wrong_types":
        lines = [",".join(["n/a"] * (line.count(",") + 1)) if index % 2 else line for index, line in enumerate(lines)]
    else:
        lines = _CHANGES[kind](lines)
    return ("﻿" + "\r\n".join([head, *lines]) + "\r\n").encode()
