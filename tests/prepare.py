"""Make sure the tests have a browser: installs Debian's Chromium where that is possible, else says what is missing.

Never fails: `tests/conftest.py` decides whether a missing part is skipped or, under ONESCREEN_REQUIRE, an error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PACKAGES = ("chromium", "fonts-noto-cjk")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def main() -> None:
    """Install Chromium with apt-get when no browser is found and we may."""
    if any(shutil.which(name) for name in BROWSERS) or os.environ.get("ONESCREEN_CHROMIUM"):
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        sys.stderr.write("No Chromium found: browser tests will be skipped. Install it or set ONESCREEN_CHROMIUM.\n")
        return
    sys.stderr.write("Installing Chromium for the browser tests …\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.stderr.write(f"{' '.join(command)} failed: {done.stderr.strip()[-400:]}\n")
            return


if __name__ == "__main__":
    main()
