"""`python -m datasources`: the collector, and what a person needs to connect a system to it."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from datasources.contract import SourceError
from datasources.running import run
from datasources.settings import SettingsFile, load
from situation.clock import CityClock
from situation.settings import SettingsError
from situation.store import StoreError

EXIT_FAILED = 1
EXIT_SETTINGS = 2
EXIT_STORE = 3
TIMEOUT_S = 20.0

_logger = logging.getLogger("datasources")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        act: Callable[[argparse.Namespace], int] = options.act
        return act(options)
    except (SettingsError, ValueError) as error:
        _logger.error("%s", error)
        return EXIT_SETTINGS
    except (StoreError, SourceError, OSError) as error:
        _logger.error("%s", error)
        return EXIT_STORE if isinstance(error, StoreError) else EXIT_FAILED


def _run(options: argparse.Namespace) -> int:
    file = SettingsFile(options.settings, options.checked)
    return run(file, options.data, options.clock, dies_with_parent=options.die_with_parent)


def _check(options: argparse.Namespace) -> int:
    from datasources.connecting import command  # what only people need is no burden to the collector

    settings = load(options.settings, os.environ)
    sources = command.chosen(settings, options.names, options.timeout_s)
    trials = command.try_all(settings, sources, CityClock())
    _say(command.text_of(trials, is_json=options.json))
    return 0 if all(trial.is_ok for trial in trials) else EXIT_FAILED


def _new(options: argparse.Namespace) -> int:
    from datasources.connecting import newcomer, template

    if options.python:
        _say(template.write(options.name, options.into))
        return 0
    settings = load(options.settings, os.environ) if options.settings else None
    block = newcomer.block_for(newcomer.Wish.of(options, os.environ, settings), settings, CityClock())
    if options.append:
        with options.settings.open("a", encoding="utf-8") as file:
            file.write(f"\n{block}")
    _say(block)
    return 0


def _sample(options: argparse.Namespace) -> int:
    from datasources.connecting import command, sample

    settings = load(options.settings, os.environ)
    (source,) = command.chosen(settings, [options.name], options.timeout_s)
    _say(sample.keep(source, options.into, CityClock()))
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m datasources", description="The city's systems, collected.")
    commands = parser.add_subparsers(dest="command", required=True)
    _add_run(commands.add_parser("run", help="collect from all configured sources until stopped"))
    _add_check(commands.add_parser("check", help="try sources once and show what would come of them"))
    _add_new(commands.add_parser("new", help="look at an upstream and write the block for it"))
    _add_sample(commands.add_parser("sample", help="keep redacted replies of a source as fixtures for tests"))
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(act=_run)
    _add_settings(parser)
    parser.add_argument("--data", type=Path, required=True, help="folder of the store")
    parser.add_argument(
        "--clock", type=CityClock.parse, default=CityClock(), help="REAL,CITY,SPEED of the city's clock"
    )
    parser.add_argument("--checked", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--die-with-parent", action="store_true", help="exit when stdin closes")


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(act=_check)
    parser.add_argument("names", nargs="*", metavar="NAME", help="keys of sources; all when none is named")
    _add_settings(parser)
    _add_timeout(parser)
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.epilog = "exit codes: 0 every source delivers, 1 one does not, 2 wrong settings"


def _add_new(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(act=_new)
    parser.add_argument("name", metavar="NAME", help="the key of the source: short and for ever")
    parser.add_argument("--url", default="", help="address of the system, or of a reply of it")
    parser.add_argument("--kind", default="", help="the kind of source, when you know it")
    parser.add_argument("--record", default="", help="what a row is: place, camera, sensor, case, officer …")
    parser.add_argument("--department", default="", help="id of the department")
    parser.add_argument("--header", action="append", default=[], metavar="'NAME: ${SECRET}'", help="sent when looking")
    _add_settings(parser, is_required=False)
    parser.add_argument("--append", action="store_true", help="write the block into --settings too")
    parser.add_argument("--python", action="store_true", help="write an adapter of your own with its test instead")
    parser.add_argument("--into", type=Path, default=Path(), metavar="DIR", help="where the adapter goes (.)")


def _add_sample(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(act=_sample)
    parser.add_argument("name", metavar="NAME", help="key of a source")
    _add_settings(parser)
    _add_timeout(parser)
    parser.add_argument("--into", type=Path, default=Path("samples"), metavar="DIR", help="where they go (samples)")


def _add_settings(parser: argparse.ArgumentParser, *, is_required: bool = True) -> None:
    parser.add_argument("--settings", type=Path, required=is_required, help="the district's settings file")


def _add_timeout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--timeout-s", type=float, default=TIMEOUT_S, help="seconds for each source (20)")


if __name__ == "__main__":
    sys.exit(main())
