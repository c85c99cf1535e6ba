"""The measured values as a table for people and as JSON for machines."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.bars import BARS, Bar, Measured

HEADINGS = ("what", "measured", "bar", "ok", "plain Dash page")
NOTHING = "–"


def table(results: Sequence[Measured]) -> str:
    """Aligned text for the terminal."""
    rows = [HEADINGS, *(_cells(result) for result in _in_order(results))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "─" * len(lines[0]), *lines[1:]])


def markdown(results: Sequence[Measured]) -> str:
    """The same for the README."""
    rows = [HEADINGS, tuple("---" for _ in HEADINGS), *(_cells(result) for result in _in_order(results))]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def document(results: Sequence[Measured], *, is_quick: bool, took_s: float) -> str:
    """Everything of a run as JSON, with the machine it was measured on."""
    body: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "took_s": round(took_s),
        "is_quick": is_quick,
        "machine": {"system": platform.platform(), "cores": os.cpu_count(), "python": platform.python_version()},
        "rows": [_plain(result) for result in _in_order(results)],
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def keep(results: Sequence[Measured], folder: Path, *, is_quick: bool, took_s: float) -> Path:
    """Write `latest.json` and `latest.md` into the folder; returns the JSON's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "latest.json"
    path.write_text(document(results, is_quick=is_quick, took_s=took_s), encoding="utf-8")
    (folder / "latest.md").write_text(markdown(results), encoding="utf-8")
    return path


def _in_order(results: Sequence[Measured]) -> list[Measured]:
    place = {bar.key: number for number, bar in enumerate(BARS)}
    return sorted(results, key=lambda result: place[result.key])


def _plain(result: Measured) -> dict[str, Any]:
    bar = result.bar
    return {
        "key": result.key,
        "what": bar.what,
        "value": result.value,
        "unit": bar.unit,
        "limit": bar.limit,
        "ok": result.is_ok,
        "plain_dash_page": result.beside,
        "note": result.note,
    }


def _cells(result: Measured) -> tuple[str, ...]:
    bar = result.bar
    verdict = {True: "yes", False: "NO", None: NOTHING}[result.is_ok]
    beside = NOTHING if result.beside is None else _figure(bar, result.beside)
    return bar.what, _figure(bar, result.value), _limit(bar), verdict, beside


def _limit(bar: Bar) -> str:
    return NOTHING if bar.limit is None else f"{'≤' if bar.is_most else '≥'} {bar.limit:,g} {bar.unit}"


def _figure(bar: Bar, value: float) -> str:
    return f"{value:,.{bar.digits}f} {bar.unit}"
