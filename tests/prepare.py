"""Make sure the tests have their servers and browser: installs Debian's packages where that is possible, else says
what is missing.

Never fails: `tests/conftest.py` decides whether a missing part is skipped or, under ONESCREEN_REQUIRE, an error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WHERE = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
POLICY = Path("/usr/sbin/policy-rc.d")
"""Debian asks it whether a freshly installed service may start."""


@dataclass(frozen=True)
class Part:
    """What tests need: there when one of `programs` is found, with the `module` of it, or `variable` names it.

    Debian has it in `packages`.
    """

    name: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]
    variable: str = ""
    module: str = ""

    @property
    def is_there(self) -> bool:
        if self.variable and os.environ.get(self.variable):
            return True
        has_module = not self.module or any(Path("/usr").glob(self.module))
        return has_module and any(shutil.which(program, path=WHERE) for program in self.programs)


PARTS = (
    Part(
        name="Chromium",
        programs=("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
        packages=("chromium", "fonts-noto-cjk"),
        variable="ONESCREEN_CHROMIUM",
    ),
    Part(name="MariaDB", programs=("mariadbd",), packages=("mariadb-server-core", "mariadb-client")),
    Part(name="Mosquitto", programs=("mosquitto",), packages=("mosquitto",)),
    Part(
        name="nginx with RTMP",
        programs=("nginx",),
        packages=("nginx-light", "libnginx-mod-rtmp"),
        module="lib*/nginx/modules/ngx_rtmp_module.so",
    ),
)


def main() -> None:
    """Install with apt-get what is not found, when we may."""
    missing = [part for part in PARTS if not part.is_there]
    if not missing:
        return
    names = ", ".join(part.name for part in missing)
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        sys.stderr.write(f"Not found: {names}. Tests that need it will be skipped.\n")
        return
    sys.stderr.write(f"Installing {names} for the tests …\n")
    with _no_services():
        if _apt_get("update", "-qq"):
            for part in missing:  # each by itself: one that this system does not know must not cost the others
                _apt_get("install", "-y", "-qq", "--no-install-recommends", *part.packages)


@contextmanager
def _no_services() -> Iterator[None]:
    """Tests start servers of their own: those that Debian would start now would only open ports."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def _apt_get(*arguments: str) -> bool:
    """Whether it did that; says why not."""
    command = ["apt-get", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.stderr.write(f"{' '.join(command)} failed: {done.stderr.strip()[-400:]}\n")
    return done.returncode == 0


if __name__ == "__main__":
    main()
