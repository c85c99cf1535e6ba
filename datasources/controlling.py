"""What people ask of the collector through the store: pause, resume or refresh a source, read the settings again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from datasources.coordinator import Coordinator
from situation.store.controls import RELOAD, Control, pause_key, refresh_key

_logger = logging.getLogger(__name__)


class Asked(Protocol):
    """Where it stands what is asked: `Store.controls`."""

    def all(self) -> Mapping[str, Control]:
        """The newest word for each key."""
        ...


class Controlling:
    """Follows the controls. What was asked before it began counts for pauses only: they outlast a restart."""

    def __init__(self, asked: Asked, on_reload: Callable[[], object] = lambda: None) -> None:
        """`on_reload` is called in the collector's writer thread and must not raise."""
        self._asked = asked
        self._on_reload = on_reload
        self._done: dict[str, datetime] | None = None

    def look(self, coordinators: Iterable[Coordinator]) -> None:
        """Do what is newly asked; raises what the store raises."""
        asked = self._asked.all()
        if self._done is None:
            self._done = {key: control.at for key, control in asked.items()}
        for coordinator in coordinators:
            pause = asked.get(pause_key(coordinator.key))
            coordinator.set_paused(pause is not None and pause.value == "on")
            if self._is_new(asked.get(refresh_key(coordinator.key))):
                _logger.info("source %s is asked at once, as somebody wishes", coordinator.key)
                coordinator.refresh()
        if self._is_new(asked.get(RELOAD)):
            self._on_reload()

    def _is_new(self, control: Control | None) -> bool:
        done = self._done
        if control is None or done is None or done.get(control.key) == control.at:
            return False
        done[control.key] = control.at
        return True
