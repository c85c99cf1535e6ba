"""The command lines of the product's processes. Only words: nothing of the other rooms is imported here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from situation.processes.reloading import IN_USE_NAME
from situation.processes.start import Start
from situation.processes.supervisor import ChildPlan

PYTHON = (sys.executable, "-u")
WEB_READY = "Application startup complete"
"""What uvicorn says once the feed follows the store and it begins to accept."""


def child_plans(start: Start, root: Path, web_options: Sequence[str] = ()) -> list[ChildPlan]:
    """The processes of this start, in the order in which they are needed.

    `root` is the folder of app.py; `web_options` are further words of the web process's command line.
    """
    simulators = _simulators(start, root)
    # a city that was kept is soon there, and the collector's first questions wait for it; building one takes longer
    is_kept = any((start.options.folder / "city").glob("*.msgpack"))
    return [*simulators, _web(start, root, web_options), _collector(start, root, bool(simulators) and not is_kept)]


def _common(start: Start) -> tuple[str, ...]:
    asked = start.options
    settings = ("--settings", str(asked.settings_path), "--checked", str(asked.folder / IN_USE_NAME))
    return *settings, "--data", str(asked.folder), "--clock", str(start.clock)


def _web(start: Start, root: Path, options: Sequence[str]) -> ChildPlan:
    listener = start.listener.fileno()
    command = (*PYTHON, str(root / "app.py"), "--process", "web", *_common(start), "--listener", str(listener))
    return ChildPlan(
        name="web",
        command=(*command, *options),
        environ=start.options.environ,
        pass_fds=(listener,),
        folder=root,
        ready_text=WEB_READY,
    )


def _collector(start: Start, root: Path, waits_for_city: bool) -> ChildPlan:
    command = (*PYTHON, "-m", "datasources", "run", *_common(start), "--die-with-parent")
    after = "simulator" if waits_for_city else ""
    return ChildPlan(name="collector", command=command, environ=start.options.environ, folder=root, after=after)


def _simulators(start: Start, root: Path) -> list[ChildPlan]:
    """That of the demonstration; none with settings of one's own."""
    saved, asked = start.demonstration, start.options
    if saved is None:
        return []
    command = [*PYTHON, "-m", "simulator", "--port", asked.environ["SIMULATOR_URL"].rpartition(":")[2]]
    command += ["--adcode", saved.district.adcode, "--scale", str(saved.district.scale)]
    command += ["--seed", str(saved.district.seed), "--clock", str(start.clock)]
    command += ["--cache", str(asked.folder / "city"), "--die-with-parent"]
    command += [word for storm in saved.storms for word in ("--storm-start", storm)]
    ready = "simulator ready"
    return [ChildPlan(name="simulator", command=tuple(command), environ=asked.environ, folder=root, ready_text=ready)]
