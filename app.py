"""OneScreen: one command that starts everything and keeps it running. Importing this module does nothing.

`python app.py` supervises three processes, each of which ends when this one does, even by `kill -9`: the web process,
the collector and, in the demonstration, the simulator. The web process is this file again (`--process web`), because
only here the rooms meet.
"""

from __future__ import annotations

import argparse
import http.client
import json
import logging
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from datasources.settings import SettingsFile, load
from situation.clock import CityClock
from situation.processes import (
    ExitCode,
    Report,
    StartError,
    StartOptions,
    child_plans,
    free_port,
    hold_lifeline,
    open_store,
    prepared,
    supervise,
)
from situation.processes.command_line import adcode, aware, speed
from situation.processes.demonstration import District
from situation.settings import Settings

if TYPE_CHECKING:
    from callbacks.doors import Door
    from callbacks.services import Services

ROOT = Path(__file__).resolve().parent
DEMONSTRATION_SETTINGS = ROOT / "simulator" / "district.toml"
DEMONSTRATION = ("adcode", "scale", "seed", "speed", "start")
"""The options that only the demonstration district has."""

DISTRICT = District(adcode="310113", scale=1, seed=7)
"""The demonstration district unless asked otherwise: Baoshan in its real size."""

TIMEOUT_S = 90
"""Real seconds for one whole reply of the demonstration's large upstreams at their real size."""

MEMORY = {"MALLOC_ARENA_MAX": "2"}
"""For our processes: glibc gives every thread a heap of its own, which threads that live for one fetch never fill."""

SWITCH_S = 0.0005
"""How long a thread of the web process that reads or reckons keeps the interpreter from the one that serves: with
Python's own 5 ms every answer waits that long at each of its steps while somebody's list or the search is read."""

PROBE_TIMEOUT_S = 5.0
STOP_TIMEOUT_S = 2
"""Seconds that the web process leaves its screens' streams to end when it is told to stop."""

EPILOG = """exit codes: 0 stopped, 2 wrong options or settings, 3 already running on this data folder,
4 the port can't be used, 5 the data folder can't be written or the disk is full, 6 the store can't be opened"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop; returns the exit code."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.process == "web":
        hold_lifeline()
        return serve_web(options)
    complaint = contradiction(options)
    if complaint:
        parser.error(complaint)
    try:
        return run(options)
    except StartError as error:
        sys.stderr.write(f"onescreen: {error}\n")
        return int(error.code)


def build_parser() -> argparse.ArgumentParser:
    """The options of the command line."""
    parser = argparse.ArgumentParser(
        prog="app.py", description="OneScreen, a city district on one wall.", epilog=EPILOG
    )
    parser.add_argument("--settings", type=Path, metavar="FILE", help="your district; without it, the demonstration")
    parser.add_argument("--data", type=Path, default=ROOT / "data", metavar="DIR", help="where everything is kept")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8050)
    parser.add_argument("--allow-anonymous", action="store_true", help="let other machines see the wall without login")
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="a further name of this wall")
    group = parser.add_argument_group("demonstration")
    group.add_argument("--adcode", type=adcode, metavar="CODE", help="any district of China (310113)")
    group.add_argument("--scale", type=int, choices=range(1, 51), metavar="N", help="times the real size (1)")
    group.add_argument("--seed", type=int, help="another city of the same district (7)")
    group.add_argument("--speed", type=speed, help="city seconds per second, 1 to 1000 (1)")
    group.add_argument("--start", type=aware, metavar="ISO", help="city time to begin at")
    parser.add_argument("--process", choices=["web"], help=argparse.SUPPRESS)
    parser.add_argument("--checked", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--listener", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--clock", type=CityClock.parse, default=CityClock(), help=argparse.SUPPRESS)
    return parser


def contradiction(options: argparse.Namespace) -> str:
    """Why these options don't go together, empty when they do."""
    from callbacks.access import is_loopback

    given = [name for name in DEMONSTRATION if getattr(options, name) is not None]
    if options.settings is not None and given:
        return f"--{given[0]} belongs to the demonstration and can't be used with --settings"
    if not is_loopback(options.host) and not options.allow_anonymous:
        return f"--host {options.host} lets other machines in: until logins exist that needs --allow-anonymous"
    if not 0 <= options.port < 65536:
        return "--port is between 0 (any free one) and 65535"
    return ""


def run(options: argparse.Namespace) -> int:
    """Settle everything, start the processes and keep them running; raises StartError."""
    if options.allow_anonymous:
        say("Anyone who reaches this machine can see this wall (--allow-anonymous).")
    with prepared(start_options(options)) as start:
        say("Starting the processes …")
        supervise(start, child_plans(start, ROOT, web_options(options)), lambda: probe(start.endpoint), say)
    return int(ExitCode.STOPPED)


def say(text: str) -> None:
    """One line for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def start_options(options: argparse.Namespace) -> StartOptions:
    """The command line as one start: the demonstration unless settings are named."""
    folder = options.data.resolve()
    where = {"folder": folder, "host": options.host, "port": options.port, "load": load}
    if options.settings is not None:
        return StartOptions(settings_path=options.settings.resolve(), environ={**MEMORY, **os.environ}, **where)
    district = District(
        adcode=options.adcode or DISTRICT.adcode,
        scale=options.scale or DISTRICT.scale,
        seed=DISTRICT.seed if options.seed is None else options.seed,
    )
    environ = {
        "SIMULATOR_URL": f"http://127.0.0.1:{free_port()}",
        "SIMULATOR_TIMEOUT_S": f"{TIMEOUT_S * district.scale}",
        **names_of(district),
    }
    return StartOptions(
        settings_path=DEMONSTRATION_SETTINGS,
        environ={**MEMORY, **os.environ, **environ},
        district=district,
        speed=options.speed or 1.0,
        start_at=options.start,
        **where,
    )


def names_of(district: District) -> dict[str, str]:
    """What the settings of the demonstration call its district; raises StartError when China has no such district."""
    if district.adcode == DISTRICT.adcode:
        return {}
    from simulator.city.districts import name

    try:
        called = name(district.adcode)
    except LookupError as error:
        raise StartError(ExitCode.SETTINGS, f"--adcode: {error.args[0]}") from error
    english = f"District {district.adcode}"
    return {"ONESCREEN_ADCODE": district.adcode, "ONESCREEN_DISTRICT": called, "ONESCREEN_DISTRICT_EN": english}


def web_options(options: argparse.Namespace) -> list[str]:
    """What the command line says to the web process: who may see the wall, and under which names."""
    hosts = [word for name in options.allow_host for word in ("--allow-host", name)]
    return ["--allow-anonymous"] * options.allow_anonymous + hosts


def probe(endpoint: tuple[str, int]) -> Report | None:
    """What the web process says of itself; None when it gives no answer."""
    connection = http.client.HTTPConnection(*endpoint, timeout=PROBE_TIMEOUT_S)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        body = json.loads(connection.getresponse().read())
        failed = [f"{name}: {check['note']}" for name, check in body["checks"].items() if not check["ok"]]
        return Report(
            is_ok=body["ok"],
            is_feed_ok=body["checks"]["feed"]["ok"],
            note="; ".join(failed),
            sources=body["sources"]["total"],
            starting=body["sources"]["starting"],
            working=body["sources"]["working"],
            collector_age_s=body["checks"]["collector"]["age_s"],
        )
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None
    finally:
        connection.close()


def serve_web(options: argparse.Namespace) -> int:
    """The web process: everything composed, served on the listening socket that was handed down."""
    import uvicorn

    from callbacks.access import AccessPolicy
    from callbacks.web import create_app

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    sys.setswitchinterval(SWITCH_S)
    settings = SettingsFile(options.settings, options.checked).load(os.environ)
    services = compose(settings, options.data, options.clock)
    hosts = frozenset({socket.gethostname().lower(), *(name.lower() for name in options.allow_host)})
    policy = AccessPolicy(is_anonymous_allowed=options.allow_anonymous, hosts=hosts)
    config = uvicorn.Config(
        create_app(services, policy),
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=STOP_TIMEOUT_S,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=options.listener)])
    services.store.close()
    return 0


def compose(settings: Settings, folder: Path, clock: CityClock) -> Services:
    """The parts of the web process, wired."""
    from callbacks.release import release_name
    from callbacks.services import Services
    from datasources.http import HttpClient
    from datasources.media.gateway import open_gateway
    from datasources.media.kept import KeptMedia
    from datasources.media.snapshot import LARGEST_PICTURE
    from situation.feed import Feed
    from situation.scope import EVERYTHING

    store = open_store(settings, folder)
    shown = (settings.district, settings.map, settings.numbers, settings.panels, settings.screens, clock)
    release = release_name(ROOT, repr(shown))
    media = KeptMedia(settings.source, HttpClient(clock=clock, byte_cap=LARGEST_PICTURE))
    return Services(
        settings=settings,
        store=store,
        feed=Feed(store, settings, clock, EVERYTHING, release),
        clock=clock,
        scope=EVERYTHING,
        media=media,
        live=open_gateway(media.of, settings.media.conversions, clock),
        release=release,
        data_folder=folder,
        doors=doors(settings),
    )


def doors(settings: Settings) -> dict[str, Door]:
    """How the systems show who they are that push into the inbox, by the keys of their sources."""
    from callbacks.doors import Door
    from datasources.options import read_options
    from datasources.webhook import MANIFEST, OPTIONS

    found = {}
    for source in settings.sources:
        if source.kind == MANIFEST.kind:
            options = read_options(OPTIONS, source)
            found[source.key] = Door(
                key=source.key,
                secret=options.secret.reveal().encode(),
                is_signed=options.auth == "signature",
                signature_header=options.signature_header,
                timestamp_header=options.timestamp_header,
                replay_window_s=options.replay_window_s,
                per_minute=options.per_minute,
                largest_bytes=options.largest_bytes,
            )
    return found


if __name__ == "__main__":
    sys.exit(main())
