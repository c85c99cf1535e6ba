"""A last line that was cut off: whoever wrote the file died, or is still writing through some cache."""

from __future__ import annotations

import codecs

from datasources.contract import Rejection

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SEPARATED = frozenset({"csv", "tsv"})
REASON = "the last line is not complete"


def whole_lines(body: bytes, form: str, delimiter: str, name: str) -> tuple[bytes, tuple[Rejection, ...]]:
    """The body without a last line that is shorter than the first one and has no end; what was left out is told.

    Only of formats of lines; of any other one, half a file is no file and its reader says so.
    """
    if form not in _SEPARATED and form != "jsonl":
        return body, ()
    if body.endswith((b"\n", b"\r")) or body.startswith(_WIDE) or not body:
        return body, ()
    head, line_end, last = body.rpartition(b"\n")
    if not line_end or not _is_cut(last, head, form, b"\t" if form == "tsv" else delimiter.encode()):
        return body, ()
    return head + line_end, (Rejection(name, REASON),)


def _is_cut(last: bytes, head: bytes, form: str, delimiter: bytes) -> bool:
    if form == "jsonl":
        return not last.rstrip().endswith((b"}", b"]"))
    first = head.split(b"\n", 1)[0]
    return last.count(b'"') % 2 == 1 or last.count(delimiter) < first.count(delimiter)
