"""The release: a name for exactly this build and its page, so that walls reload when either changes."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

PARTS = ("layouts", "assets", "callbacks", "situation")
SUFFIXES = frozenset({".py", ".js", ".css", ".woff2"})


def release_name(root: Path, page: str = "") -> str:
    """`<version>+<hash>` of the files a screen depends on and of `page`, the options its page was made with."""
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    digest = hashlib.sha256(page.encode())
    for path in _files(root):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return f"{version}+{digest.hexdigest()[:12]}"


def _files(root: Path) -> Iterator[Path]:
    for part in PARTS:
        yield from sorted(path for path in (root / part).rglob("*") if path.suffix in SUFFIXES and path.is_file())
    lock = root / "requirements.lock"
    if lock.is_file():
        yield lock
