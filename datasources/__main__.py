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
from random import SystemRandom
from types import FrameType

from datasources.collector import Collector
from datasources.coordinator import Coordinator
from datasources.registry import KINDS, UnknownKind, build
from situation.clock import CityClock, Clock
from situation.processes.start import store_url
from situation.rules import Rules
from situation.settings import Settings, SettingsError, SourceSettings, load_settings
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
        settings = load_settings(options.settings, os.environ)
        return run(settings, options.data, options.clock, dies_with_parent=options.die_with_parent)
    except (SettingsError, UnknownKind, ValueError) as error:
        _logger.error("%s", error)
        return EXIT_SETTINGS
    except StoreError as error:
        _logger.error("%s", error)
        return EXIT_STORE


def run(settings: Settings, data: Path, clock: Clock, *, dies_with_parent: bool = False) -> int:
    """Collect until a signal; raises ValueError for wrong sources, StoreError for a store that won't open."""
    store = Store.open(store_url(settings, data))
    try:
        collector = compose(settings, store, clock)
        _stop_on_signals(collector)
        if dies_with_parent:
            threading.Thread(target=_die_with_parent, name="lifeline", daemon=True).start()
        _logger.info("collecting from %d sources", len(settings.sources))
        collector.run()
        _logger.info("stopped")
    finally:
        store.close()
    return 0


def compose(settings: Settings, store: Store, clock: Clock) -> Collector:
    """The collector of a district; raises UnknownKind or ValueError for wrong sources."""
    rules = Rules.load(store, settings.alarms, clock)
    known = {health.id: health for health in store.sources()}
    for health in known.values():
        if health.source_kind in KINDS and settings.source(health.id) is None:
            store.forget(health.id, clock.now())  # no longer configured: nothing of it may stay on the wall
    coordinators = [
        Coordinator(
            build(_in_zone(source, settings), clock),
            store,
            clock,
            SystemRandom(),
            name=source.name or source.key,
            department=source.department,
            enrich=rules.enrich,
            previous=known.get(source.key),
        )
        for source in settings.sources
    ]
    return Collector(
        coordinators,
        store,
        clock,
        rules=rules,
        retain=lambda now: store.retain(now, settings.retention.policy()),
        is_first_start=store.count("area") == 0,
        write_errors=(StoreError,),
    )


def _in_zone(source: SourceSettings, settings: Settings) -> SourceSettings:
    """The source's settings, with the district's zone for times without one."""
    return source if source.timezone else source.model_copy(update={"timezone": settings.district.timezone})


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
