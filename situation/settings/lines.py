"""On which line of a TOML text a key stands: `tomllib` does not tell."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_TABLE = re.compile(r"^\s*(\[\[|\[)\s*([^\[\]]+?)\s*\]{1,2}\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_LONG_TEXT = ('"""', "'''")


class Lines:
    """Line numbers of tables and keys; a key inside an inline table or array is found at its outer key."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._read(text)

    def of(self, path: Path) -> int:
        """The line of a path, of the nearest thing around it if need be; 0 when there is none."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 0

    def _read(self, text: str) -> None:
        table: Path = ()
        closing = ""
        for number, line in enumerate(text.splitlines(), start=1):
            if closing:
                closing = "" if closing in line else closing
                continue
            header, key = _TABLE.match(line), _KEY.match(line)
            if header and not key:
                names = _parts(header[2])
                table = self._enter(names, is_list=header[1] == "[[")
                self._lines.setdefault(names, number)
                self._lines.setdefault(table, number)
            elif key:
                self._lines.setdefault(table + _parts(key[1]), number)
            closing = next((quote for quote in _LONG_TEXT if line.count(quote) == 1), "")

    def _enter(self, names: Path, *, is_list: bool) -> Path:
        """The path of a header, with the positions of the `[[lists]]` it lies in."""
        path: Path = ()
        for place, name in enumerate(names):
            path += (name,)
            if is_list and place == len(names) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path += (self._counts[path],)
        return path


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def dotted(path: Path) -> str:
    """A path as people write it; lists count from one: `sources[2].options.rows`."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text
