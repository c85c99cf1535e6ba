"""XLSX: one sheet of records, one that says what they are. Texts are written as texts: nothing is ever calculated."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import xlsxwriter

from callbacks.exports.table import Export
from layouts.columns import Cell
from layouts.text import say

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 256 * 1024
MOST_TEXT = 32_767
"""Characters that a cell may hold."""

WIDTH, WIDE, TIME_WIDTH = 14, 30, 19
WIDE_FIELDS = frozenset({"name", "address", "description", "headline", "areas", "error", "id"})
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(export: Export) -> Iterator[bytes]:
    """The file in pieces; it is written to the disk first, because a spreadsheet's directory stands at its end."""
    with tempfile.TemporaryFile(suffix=".xlsx") as file:
        book = xlsxwriter.Workbook(file, OPTIONS)
        _write_records(book, export)
        _write_about(book, export)
        book.close()
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _write_records(book: Any, export: Export) -> None:
    sheet = book.add_worksheet(say(export.reader.language, f"collection.{export.collection}"))
    head, time = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, export.count, len(export.columns) - 1)
    for place, column in enumerate(export.columns):
        is_time = column.field.endswith("_at")
        sheet.set_column(place, place, TIME_WIDTH if is_time else WIDE if column.field in WIDE_FIELDS else WIDTH)
        sheet.write_string(0, place, export.headings[place], head)
    for row, values in enumerate(export.rows(), start=1):
        for place, value in enumerate(values):
            _write_cell(sheet, row, place, value, time)


def _write_cell(sheet: Any, row: int, place: int, value: Cell, time: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, value, time)
    elif isinstance(value, str):
        if value:
            sheet.write_string(row, place, value[:MOST_TEXT])
    elif value is not None:
        sheet.write_number(row, place, value)


def _write_about(book: Any, export: Export) -> None:
    sheet = book.add_worksheet(say(export.reader.language, "export.about"))
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, 1, 2 * WIDE)
    for row, (name, value) in enumerate(export.about()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
