"""The options that say how a body is read: a mix-in for the options of every kind of source that gets bodies."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from datasources.mapping.paths import check_path
from datasources.options import Options, OptionTable

FormatName = Literal["json", "jsonl", "xml", "csv", "tsv", "geojson", "xlsx", "cbor", "text"]


class OkOptions(OptionTable):
    """`[sources.options.ok]`: how a reply says that it is none although its status is 200.

    It is one when `path` is one of `equals` (or absent, without `required`); else its value becomes the error's code,
    and refused credentials where it is one of `auth`. `message` is where the words for the log stand.
    """

    path: str
    equals: tuple[Any, ...] | Any
    auth: tuple[Any, ...] = (401, 403)
    message: str = ""
    required: bool = False

    _paths = field_validator("path", "message")(check_path)


class FormOptions(Options):
    """How the rows of a body are found.

    `rows`: where the list is: a JMESPath expression, of XML the path of its elements (`data/item`, `//item`).
    `rows_by_key`: there an object whose values are the rows (or lists of them); its keys are their column `@key`.
    `inside`: where in each of these stands another list, whose parts are the rows then; what they are part of is their
    column `@parent`.
    `columns`: names of the columns of a table without a header, or of rows that are lists.
    """

    format: FormatName = "json"
    encoding: str | None = None
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    rows: str = ""
    rows_by_key: bool = False
    inside: str = ""
    columns: tuple[str, ...] = ()
    sheet: str = ""
    """Of a workbook; the first one when it is empty."""
    header_row: int = Field(default=1, ge=1, le=1000)
    """Of a workbook: the row that holds the names of the columns."""
    ok: OkOptions | None = None

    _paths = field_validator("rows", "inside")(check_path)
