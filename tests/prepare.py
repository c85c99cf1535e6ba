"""Make sure the tests have their servers and browser: installs Debian's packages where that is possible, else says
what is missing.

Never fails: `tests/conftest.py` decides whether a missing part is skipped or, under ONESCREEN_REQUIRE, an error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

WHERE = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True)
class Part:
    """What tests need: there when one of `programs` is found or `variable` names it; Debian has it in `packages`."""

    name: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]
    variable: str = ""

    @property
    def is_there(self) -> bool:
        named = self.variable and os.environ.get(self.variable)
        return bool(named) or any(shutil.which(program, path=WHERE) for program in self.programs)


PARTS = (
    Part(
        name="Chromium",
        programs=("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
        packages=("chromium", "fonts-noto-cjk"),
        variable="ONESCREEN_CHROMIUM",
    ),
    Part(name="MariaDB", programs=("mariadbd",), packages=("mariadb-server",)),
    Part(name="Mosquitto", programs=("mosquitto",), packages=("mosquitto",)),
    Part(name="nginx with RTMP", programs=("nginx",), packages=("nginx-light", "libnginx-mod-rtmp")),
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
    packages = [package for part in missing for package in part.packages]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.stderr.write(f"{' '.join(command)} failed: {done.stderr.strip()[-400:]}\n")
            return


if __name__ == "__main__":
    main()
