"""What the rooms say to each other when a camera's picture can't be had."""

from __future__ import annotations


class MediaUnavailable(Exception):
    """A picture could not be had. `status` is the HTTP status to answer, the text may be shown on screens."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
