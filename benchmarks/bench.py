"""What every scenario is handed: cities, districts, servers and writers, made on demand and kept for the run."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from subprocess import Popen
from typing import TYPE_CHECKING

from benchmarks import big, world
from benchmarks.browser import chromium
from benchmarks.processes import BenchError, Server, process, server
from simulator.city import load
from simulator.model import City
from situation.clock import CityClock
from situation.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RATE = 1_000
ADCODE, SEED = "310113", 7
OPEN_FILES = 8_192
SETTINGS = f'[district]\nname = "宝山区"\nname_en = "Baoshan"\nadcode = "{ADCODE}"\n'


@dataclass(frozen=True, slots=True)
class District:
    """A filled store in a data folder, with the settings a web process needs for it."""

    folder: Path
    scale: int

    @property
    def url(self) -> str:
        """Address of the store."""
        return f"sqlite:///{self.folder / 'onescreen.db'}"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.folder / "district.toml"


@dataclass
class Writer:
    """A process that changes the city. `rate` is how many changes a second it really made, known once it has ended."""

    child: Popen[str]
    rate: float = 0.0


@dataclass
class Bench:
    """One run. `folder` is its own; `kept` outlives it and holds what costs a while and never differs: cities."""

    folder: Path
    kept: Path
    is_quick: bool = False
    _districts: dict[int, District] = field(default_factory=dict)
    _big: dict[str, tuple[District, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < OPEN_FILES <= hard or hard == resource.RLIM_INFINITY:
            resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))

    @property
    def log(self) -> Path:
        """Where all processes complain."""
        return self.folder / "processes.log"

    def say(self, text: str) -> None:
        """One line of progress."""
        sys.stderr.write(f"  {text}\n")

    def seconds(self, full: float, quick: float = 2.0) -> float:
        """How long to measure."""
        return quick if self.is_quick else full

    def times(self, full: int) -> int:
        """How often to repeat."""
        return 1 if self.is_quick else full

    @cached_property
    def small_city(self) -> City:
        """The district in its real size."""
        return load(ADCODE, 1, SEED, self.kept)

    def district(self, scale: int = 1) -> District:
        """The district in a store, filled when it is first asked for."""
        if scale not in self._districts:
            self._districts[scale] = self._fill(scale)
        return self._districts[scale]

    def big_district(self) -> tuple[District, str]:
        """A district with years of cases and readings, kept between runs; how large it is and how long it took."""
        name = "big-quick" if self.is_quick else "big"
        if name not in self._big:
            self.say("a store of years (built when it is not there yet) …")
            folder, built = big.kept(self.kept.parent / name, self.small_city, big.QUICK if self.is_quick else big.FULL)
            self.say(built)
            district = District(folder, 1)
            district.settings.write_text(SETTINGS, encoding="utf-8")
            store = Store.open(district.url)
            world.beat(store, CityClock().now())
            store.close()
            self._big[name] = (district, built)
        return self._big[name]

    def _fill(self, scale: int) -> District:
        began_s = time.monotonic()
        district = District(self.folder / f"district-{scale}", scale)
        district.folder.mkdir(parents=True)
        district.settings.write_text(SETTINGS, encoding="utf-8")
        city = self.small_city if scale == 1 else load(ADCODE, scale, SEED, self.kept)
        store = Store.open(district.url)
        count = world.fill(store, city, CityClock().now())
        store.close()
        self.say(f"a store with {count:,} records in {time.monotonic() - began_s:.0f} s")
        return district

    @contextmanager
    def web(self, district: District) -> Iterator[Server]:
        """The product's own web process on a district."""
        common = ("--settings", str(district.settings), "--data", str(district.folder))
        with server(("app.py", "--process", "web", *common), self.log) as served:
            yield served

    @contextmanager
    def writer(self, district: District, rate: int = RATE) -> Iterator[Writer]:
        """Changes the district for as long as the block lasts; with rate 0 only its sources go on living."""
        with process(("-m", "benchmarks.writer", district.url, str(rate)), self.log) as child:
            writer = Writer(child)
            if _line(child) != "ready":
                raise BenchError(f"the writer did not start, see {self.log}")
            yield writer
            if child.stdin is not None:
                child.stdin.close()
            writer.rate = json.loads(_line(child))["rate"]

    @contextmanager
    def browser(self) -> Iterator[Browser]:
        """A browser of its own for a scenario."""
        with chromium() as browser:
            yield browser


def _line(child: Popen[str]) -> str:
    return "" if child.stdout is None else child.stdout.readline().strip()
