"""The collector as a process: it collects until a signal, and reads its settings again at SIGHUP."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from datasources.collector import Collector
from datasources.composition import Composition
from datasources.settings import SettingsFile
from datasources.sharing.couriers import Couriers
from situation.clock import Clock
from situation.processes.start import store_url
from situation.settings import SettingsError
from situation.store import Store

EXIT_ORPHANED = 4

_logger = logging.getLogger("datasources")


def run(file: SettingsFile, data: Path, clock: Clock, *, dies_with_parent: bool = False) -> int:
    """Collect until a signal; raises SettingsError, and StoreError for a store that won't open."""
    settings = file.load(os.environ)
    store = Store.open(store_url(settings, data), is_lean=True)  # it writes, and hardly reads
    try:
        couriers = Couriers(store, clock)
        composition = Composition(settings, store, clock, lambda: _ask_for_reload(dies_with_parent))
        collector = composition.collector
        _stop_on_signals(collector)
        signal.signal(signal.SIGHUP, lambda *_: collector.later(lambda: reload(composition, file, couriers)))
        if dies_with_parent:
            threading.Thread(target=_die_with_parent, name="lifeline", daemon=True).start()
        _logger.info("collecting from %d sources", len(settings.sources))
        couriers.follow(settings.shares)
        collector.run()
        couriers.stop()
        _logger.info("stopped")
    finally:
        store.close()
    return 0


def _ask_for_reload(is_supervised: bool) -> None:
    """Have the settings read again: by the supervisor, which tells all its processes, where there is one."""
    os.kill(os.getppid() if is_supervised else os.getpid(), signal.SIGHUP)


def reload(composition: Composition, file: SettingsFile, couriers: Couriers | None = None) -> None:
    """Read the settings again and go on with them; wrong ones change nothing and are logged."""
    try:
        settings = file.load(os.environ)
        taken = composition.take(settings)
        if couriers is not None:
            couriers.follow(settings.shares)
    except (SettingsError, ValueError) as error:
        _logger.error("the settings stay as they are: %s", error)
        return
    _logger.info("the settings were read again: %s", taken)


def _stop_on_signals(collector: Collector) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        collector.stop()

    handler: Callable[[int, FrameType | None], None] = stop
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def _die_with_parent() -> None:
    """End this process when the parent's end of stdin closes, also when the parent was killed."""
    while os.read(sys.stdin.fileno(), 1024):  # not through its buffer, whose lock would be held when we end
        pass
    os._exit(EXIT_ORPHANED)
