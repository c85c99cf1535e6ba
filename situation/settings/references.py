"""References in a settings file: `${NAME}` anywhere, `file:PATH` for secrets. Secrets never stand in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from situation.settings.errors import Problem
from situation.settings.lines import Lines, dotted
from situation.settings.lines import Path as KeyPath
from situation.settings.secret import Secret

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_SECRET_NAME = re.compile(
    r"((password|passwd|passphrase|secret|token|api_?key|access_?key|credential)s?"
    r"|(^|\.)(store\.url|options\.database))$",
    re.IGNORECASE,
)
_ADDRESSES = frozenset({("store", "url"), ("options", "database")})
_FILE_PREFIX = "file:"


def is_secret(path: KeyPath) -> bool:
    """Whether what stands at this key must never be shown, judged by its name."""
    names = ".".join(part for part in path[-2:] if isinstance(part, str))
    return bool(_SECRET_NAME.search(names))


class References:
    """Replaces `${NAME}` and, in secrets, `file:PATH`; what is secret comes out as a Secret. Collects problems."""

    def __init__(self, folder: Path, environ: Mapping[str, str], lines: Lines) -> None:
        self._folder = folder
        self._environ = environ
        self._lines = lines
        self.problems: list[Problem] = []

    def fill(self, value: Any, path: KeyPath) -> Any:
        """The value with all references in it replaced."""
        if isinstance(value, dict):
            return {key: self.fill(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.fill(inner, (*path, place)) for place, inner in enumerate(value)]
        if not isinstance(value, str):
            return value
        filled = _REFERENCE.sub(lambda found: self._variable(found, path), value)
        if not is_secret(path):
            return filled
        if _is_literal(value, path):
            self._complain(path, "***", "must not stand in the file: write ${NAME} or file:PATH")
        return Secret(self._file(filled, path) if filled.startswith(_FILE_PREFIX) else filled)

    def _variable(self, found: re.Match[str], path: KeyPath) -> str:
        name, default = found[1], found[2]
        value = self._environ.get(name, default)
        if value is None:
            self._complain(path, f"${{{name}}}", f"the environment has no {name}; set it, or give ${{{name}:-default}}")
            return ""
        return value

    def _file(self, reference: str, path: KeyPath) -> str:
        file = self._folder / reference.removeprefix(_FILE_PREFIX)
        try:
            return file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            self._complain(path, reference, f"the file can't be read: {reason}")
            return ""

    def _complain(self, path: KeyPath, value: str, allowed: str) -> None:
        self.problems.append(Problem(self._lines.of(path), dotted(path), f'"{value}"', allowed))


def _is_literal(value: str, path: KeyPath) -> bool:
    """Whether a secret itself was written down. The address of a database is one only with a password in it."""
    if not value or value.startswith(_FILE_PREFIX) or _REFERENCE.search(value):
        return False
    return path[-2:] not in _ADDRESSES or bool(urlsplit(value).password)
