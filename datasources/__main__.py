"""`python -m datasources run`: the collector process."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from datasources.collector import Collector
from datasources.composition import Composition
from datasources.settings import load
from situation.clock import CityClock, Clock
from situation.processes.start import store_url
from situation.settings import Settings, SettingsError
from situation.store import Store, StoreError

EXIT_SETTINGS = 2
EXIT_STORE = 3
EXIT_ORPHANED = 4

_logger = logging.getLogger("datasources")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        settings = load(options.settings, os.environ)
        return run(settings, options, options.clock)
    except (SettingsError, ValueError) as error:
        _logger.error("%s", error)
        return EXIT_SETTINGS
    except StoreError as error:
        _logger.error("%s", error)
        return EXIT_STORE


def run(settings: Settings, options: argparse.Namespace, clock: Clock) -> int:
    """Collect until a signal; raises ValueError for wrong sources, StoreError for a store that won't open."""
    store = Store.open(store_url(settings, options.data))
    try:
        composition = Composition(settings, store, clock, lambda: _ask_for_reload(options.die_with_parent))
        collector = composition.collector
        _stop_on_signals(collector)
        signal.signal(signal.SIGHUP, lambda *_: collector.later(lambda: reload(composition, options.settings)))
        if options.die_with_parent:
            threading.Thread(target=_die_with_parent, name="lifeline", daemon=True).start()
        _logger.info("collecting from %d sources", len(settings.sources))
        collector.run()
        _logger.info("stopped")
    finally:
        store.close()
    return 0


def _ask_for_reload(is_supervised: bool) -> None:
    """Have the settings read again: by the supervisor, which tells all its processes, where there is one."""
    os.kill(os.getppid() if is_supervised else os.getpid(), signal.SIGHUP)


def reload(composition: Composition, path: Path) -> None:
    """Read the settings again and go on with them; wrong ones change nothing and are logged."""
    try:
        taken = composition.take(load(path, os.environ))
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m datasources", description="The city's systems, collected.")
    commands = parser.add_subparsers(dest="command", required=True)
    collect = commands.add_parser("run", help="collect from all configured sources until stopped")
    collect.add_argument("--settings", type=Path, required=True, help="the district's settings file")
    collect.add_argument("--data", type=Path, required=True, help="folder of the store")
    collect.add_argument(
        "--clock", type=CityClock.parse, default=CityClock(), help="REAL,CITY,SPEED of the city's clock"
    )
    collect.add_argument("--die-with-parent", action="store_true", help="exit when stdin closes")
    return parser


if __name__ == "__main__":
    sys.exit(main())
