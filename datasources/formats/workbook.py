"""Excel workbooks (.xlsx): the values of one sheet by the names in its header row. Formulas are never evaluated."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from datasources.contract import SourceDataError
from datasources.formats.options import FormOptions

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MOST_ROWS = 500_000
MOST_COLUMNS = 500
LARGEST_UNPACKED = 512 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, AttributeError, KeyError, ValueError, TypeError, SyntaxError, OSError, EOFError)


def read_workbook(body: bytes, form: FormOptions) -> list[dict[str, Any]]:
    """Rows of `form.sheet` below its header row; empty rows are left out. Raises SourceDataError.

    Dates come as text in ISO 8601 without a zone, as a cell has none; a formula as the value it was saved with.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _check_size(body)
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError) as error:
        raise SourceDataError("not_xlsx", f"not a workbook: {error}") from error
    try:
        return _rows(book, form)
    except _BROKEN as error:
        raise SourceDataError("not_xlsx", f"a broken sheet: {error}") from error
    finally:
        book.close()


def _check_size(body: bytes) -> None:
    """Refuse a workbook that unpacks to far more than it looks like."""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
            raise SourceDataError("too_large", "a workbook that unpacks to more than a source may say")


def _rows(book: Workbook, form: FormOptions) -> list[dict[str, Any]]:
    if form.sheet and form.sheet not in book.sheetnames:
        raise SourceDataError(f"no_sheet:{form.sheet}", f"sheets are {', '.join(book.sheetnames[:20])}")
    sheet = book[form.sheet] if form.sheet else book.worksheets[0]
    sheet.reset_dimensions()  # some programs write wrong ones, and what lies beyond them would not be read
    lines: Iterator[tuple[Any, ...]] = sheet.iter_rows(min_row=form.header_row, values_only=True)
    header = form.columns or [_text(cell) for cell in next(lines, ())[:MOST_COLUMNS]]
    if not any(header):
        raise SourceDataError("empty", f"no header in row {form.header_row}")
    rows: list[dict[str, Any]] = []
    for line in lines:
        row = _row(header, line)
        if row:
            rows.append(row)
        if len(rows) > MOST_ROWS:
            raise SourceDataError("too_large", f"more than {MOST_ROWS} rows")
    return rows


def _row(header: Sequence[str], line: Sequence[Any]) -> dict[str, Any]:
    pairs = zip(header, line, strict=False)
    return {name: _plain(cell) for name, cell in pairs if name and cell is not None and cell != ""}


def _plain(cell: Any) -> Any:
    return cell.isoformat() if hasattr(cell, "isoformat") else cell


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()
