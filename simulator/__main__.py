"""`python -m simulator`: the demonstration district's upstream systems on one port."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn

from simulator.behaviour import Behaviour, default_schedule
from simulator.city import load
from simulator.clock import SharedClock
from simulator.model import City, Schedule, Storyline
from simulator.upstreams.app import build_app

STORM_LEAD = timedelta(minutes=40)  # the demonstration begins this long after the storm did


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; returns the exit code (2: the port can't be used)."""
    options = _parser().parse_args(arguments)
    if options.die_with_parent:
        threading.Thread(target=_exit_at_end_of_stdin, daemon=True, name="lifeline").start()
    try:
        listener = socket.create_server((options.host, options.port), backlog=256)
    except OSError as error:
        sys.stderr.write(f"simulator: cannot listen on {options.host}:{options.port}: {error.strerror}\n")
        return 2
    with listener, suppress(KeyboardInterrupt):
        _serve(options, listener)
    return 0


def _serve(options: argparse.Namespace, listener: socket.socket) -> None:
    _report(f"preparing district {options.adcode} at scale {options.scale}, seed {options.seed}")
    city = load(options.adcode, options.scale, options.seed, options.cache)
    storms = options.storm_start or [options.clock.now() - STORM_LEAD]
    _report(f"building the upstream systems of {city.name}")
    app = build_app(city, Behaviour(city, schedule_of(city, sorted(storms))), options.clock.now)
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    sys.stdout.write(f"simulator ready http://{options.host}:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    uvicorn.Server(config).run([listener])


def schedule_of(city: City, storms: Sequence[datetime]) -> Schedule:
    """What follows each storm, until the next one begins."""
    storylines: list[Storyline] = []
    for storm_at, next_storm_at in zip(storms, [*storms[1:], None], strict=True):
        course = default_schedule(city, storm_at + STORM_LEAD).storylines
        storylines += [each for each in course if next_storm_at is None or each.start_at < next_storm_at]
    return Schedule(tuple(storylines))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="Upstream systems of a city district.")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--adcode", default="310113", help="any district of China")
    parser.add_argument("--scale", type=int, default=1, help="how many times the real size")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--clock", type=SharedClock.parse, default=SharedClock(), metavar="REAL,CITY,SPEED")
    parser.add_argument(
        "--storm-start",
        type=_aware,
        action="append",
        metavar="ISO",
        help="when a storm began or begins; may be given again for further ones; default: 40 minutes before now",
    )
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep the generated city here")
    parser.add_argument("--die-with-parent", action="store_true", help="exit when standard input ends")
    return parser


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no zone")
    return at


def _report(progress: str) -> None:
    sys.stderr.write(f"simulator: {progress}\n")
    sys.stderr.flush()


def _exit_at_end_of_stdin() -> None:
    """The parent holds the other end: it ends also when the parent is killed without a chance to say so."""
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
