"""No part of the room depends on another one having been imported before it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
ONE_BY_ONE = """
import importlib, pkgutil, sys
import datasources
names = [found.name for found in pkgutil.iter_modules(datasources.__path__)]
for name in names:
    if name == "__main__":
        continue
    for known in [each for each in sys.modules if each.startswith("datasources.")]:
        del sys.modules[known]
    importlib.import_module(f"datasources.{name}")
print(len(names))
"""


def test_every_module_and_package_can_be_the_first_to_be_imported() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE], cwd=REPOSITORY, capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 20
