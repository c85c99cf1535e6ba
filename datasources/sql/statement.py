"""What may be asked of a department's database: one SELECT (or WITH … SELECT) that can only read.

The account and the read-only transaction are what protects their data; this check tells of a mistake before anything
is sent, and refuses what such a transaction would let through (`INTO OUTFILE`, row locks).
"""

from __future__ import annotations

import re

SINCE = "since"
"""The one parameter a query may have: `:since`."""

_TOKEN = re.compile(
    r"""
      (?P<executable>/\*M?!)
    | (?P<comment>--[^\n]*|/\*.*?\*/)
    | (?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|(?P<tag>\$\w*\$).*?(?P=tag))
    | (?P<cast>::)
    | (?P<bind>(?<![\w:]):(?P<name>\w+))
    | (?P<number>\d+\.?)
    | (?P<word>[^\W\d]\w*)
    | (?P<open>'|"|`|/\*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FIRST = frozenset({"select", "with"})
_WRITES = frozenset({"insert", "update", "delete", "merge", "replace", "truncate", "drop", "alter", "create", "grant"})
_NEVER = {"into": "INTO writes", "lock": "LOCK takes locks"}


class _Reader:
    """Goes through the pieces of a query once."""

    def __init__(self) -> None:
        self.parts: list[str] = []  # the query as SQLAlchemy's text() wants it
        self.before = ""  # the last piece that is neither space nor comment
        self.has_since = False
        self.has_ended = False

    def take(self, found: re.Match[str]) -> None:
        """One piece; raises ValueError when it may not stand here."""
        kind, piece = found.lastgroup or "other", found.group()
        if kind == "tag":  # of a dollar-quoted text, which is matched by a group of its own inside
            kind = "quoted"
        if kind == "comment" or piece.isspace():
            self.parts.append(" ")
            return
        if kind in ("executable", "open"):
            raise ValueError("has a text or comment that does not end" if kind == "open" else "has a /*! comment")
        if self.has_ended:
            raise ValueError("is more than one statement")
        if piece == ";":
            self.has_ended = True
            return
        self._word(piece, found) if kind == "word" else self._other(kind, piece, found)
        self.before = piece

    def _word(self, piece: str, found: re.Match[str]) -> None:
        word = piece.lower()
        if not self.before and word not in _FIRST:
            raise ValueError("must begin with SELECT or WITH")
        is_column = self.before == "." or found.string[found.end() :].lstrip().startswith("(")
        if word in _NEVER and not is_column:
            raise ValueError(f"must only read: {_NEVER[word]}")
        if self.before.lower() == "for" and word in ("update", "share", "no", "key"):
            raise ValueError("must only read: FOR UPDATE takes locks")
        if word in _WRITES and not is_column:
            raise ValueError(f"must only read; a column called {piece} stands in quotes")
        self.parts.append(piece)

    def _other(self, kind: str, piece: str, found: re.Match[str]) -> None:
        if not self.before:
            raise ValueError("must begin with SELECT or WITH")
        if kind in ("bind", "name"):
            name = piece[1:]
            if name != SINCE:
                raise ValueError(f"has :{name}; the only parameter is :{SINCE}")
            self.has_since = True
        elif kind == "quoted":
            piece = piece.replace(":", r"\:")  # else text() would take ' :x' for a parameter
        self.parts.append(piece)


def read_statement(query: str) -> tuple[str, bool]:
    """The query for SQLAlchemy's `text()`, and whether it has `:since`; raises ValueError that says what is wrong."""
    reader = _Reader()
    for found in _TOKEN.finditer(query):
        reader.take(found)
    if not reader.before:
        raise ValueError("is empty")
    return "".join(reader.parts).strip(), reader.has_since
