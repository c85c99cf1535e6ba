"""The base of a department's own adapter: a class with a MANIFEST and `fetch` (docs/own-source.md)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from datasources.contract import Batch, FetchContext, Manifest, SourceSettings, configured
from datasources.http import HttpClient
from datasources.options import Options, read_options


class NoOptions(Options):
    """An adapter that can be told nothing."""


class Adapter(ABC):
    """One configured upstream. Subclasses give MANIFEST, OPTIONS where there are any, and `fetch`.

    `options` are checked before anything starts. No timer, cache or thread of its own: it is asked.
    """

    MANIFEST: ClassVar[Manifest]
    OPTIONS: ClassVar[type[Options]] = NoOptions

    def __init__(self, settings: SourceSettings, http: HttpClient) -> None:
        self.settings = settings
        self.http = http
        self.key = settings.key
        self.options: Options = read_options(self.OPTIONS, settings)
        self.manifest = configured(self.MANIFEST, settings)

    def check(self) -> None:
        """Try the upstream once; raises a SourceError that says what is wrong."""
        self.fetch(FetchContext(now=self.http.clock.now()))

    @abstractmethod
    def fetch(self, context: FetchContext) -> Batch:
        """Ask the upstream once, following its pages. Raises only SourceError."""
