"""What a question that can't be answered is told."""

from __future__ import annotations


class NotAsked(Exception):
    """The question is not understood (400) or what it names is not there (404); the text says what is possible."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status
