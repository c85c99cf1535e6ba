"""A login's token, kept while it lasts: servers count logins, and lock out who makes too many."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from datasources.contract import SourceAuthFailed
from situation.clock import Clock

SPARE_S = 60.0
"""A token is renewed so long before it ends."""

Asked = tuple[str, float]
"""A token, and how many real seconds it lasts."""

T = TypeVar("T")


@dataclass(slots=True)
class Token:
    """`login` asks the upstream for a token until a deadline; raises SourceError. Safe to use from several threads."""

    login: Callable[[float], Asked] = field(repr=False)
    clock: Clock
    _text: str = field(default="", repr=False)
    _until_s: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, deadline_s: float) -> str:
        """A token that is good for a while."""
        with self._lock:
            if not self._text or self.clock.monotonic() >= self._until_s:
                self._text, lasts_s = self.login(deadline_s)
                self._until_s = self.clock.monotonic() + max(lasts_s - SPARE_S, lasts_s / 2)
            return self._text

    def use(self, ask: Callable[[str], T], deadline_s: float) -> T:
        """What `ask` gives with the token; with a fresh one when a kept one is refused: servers forget theirs."""
        was_kept = bool(self._text)
        try:
            return ask(self.get(deadline_s))
        except SourceAuthFailed:
            if not was_kept:
                raise
            self._until_s = 0.0
            return ask(self.get(deadline_s))
