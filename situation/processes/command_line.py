"""What single words of the command line must be: each raises argparse.ArgumentTypeError with what is wrong."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime


def adcode(text: str) -> str:
    """Six digits."""
    if not (len(text) == 6 and text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError("six digits, for example 310113")
    return text


def speed(text: str) -> float:
    """City seconds per second, 1 to 1000."""
    asked = float(text)
    if not 1 <= asked <= 1000:
        raise argparse.ArgumentTypeError("between 1 and 1000")
    return asked


def aware(text: str) -> datetime:
    """An ISO 8601 time with its zone, as UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("an ISO 8601 time such as 2026-08-09T14:00+08:00") from error
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError("with its zone, for example 2026-08-09T14:00+08:00")
    return at.astimezone(UTC)
