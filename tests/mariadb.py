"""A real MariaDB for tests: Debian's server in a folder of its own, on a private socket."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_S = 60


class MariadbMissing(Exception):
    """There is no server that can be started here; the text says why."""


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/usr/libexec")
    if found is None:
        raise MariadbMissing(f"no {name} is installed (Debian: mariadb-server-core, mariadb-client)")
    return found


@contextmanager
def serving() -> Iterator[Path]:
    """The socket of a fresh server; `root` has no password."""
    server, install, admin = _program("mariadbd"), _program("mariadb-install-db"), _program("mariadb-admin")
    folder = Path(tempfile.mkdtemp(prefix="onescreen-maria-"))
    user = ["--user=root"] if os.geteuid() == 0 else []
    data, sock = folder / "data", folder / "sock"
    common = ["--no-defaults", f"--datadir={data}", *user]
    try:
        _run([install, *common, "--auth-root-authentication-method=normal", "--skip-test-db"])
        running = subprocess.Popen(
            [server, *common, f"--socket={sock}", "--skip-networking", "--innodb-flush-log-at-trx-commit=0",
             "--innodb-buffer-pool-size=32M", f"--pid-file={folder / 'pid'}", f"--log-error={folder / 'log'}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _run([admin, "--no-defaults", f"--socket={sock}", "-uroot", f"--wait={START_S}", "ping"])
            yield sock
        finally:
            running.kill()  # nobody needs its data any more
            running.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=START_S * 2, check=False
    )
    if done.returncode != 0:
        raise MariadbMissing(f"{Path(command[0]).name} failed: {done.stderr.strip()[-200:]}")
