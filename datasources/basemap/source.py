"""The `basemap` source: an index `{"layers": [{"id", "url"}]}` and a GeoJSON document for each layer."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from datasources.basemap.normalise import layer_addresses, normalise
from datasources.contract import Batch, FetchContext, Manifest, RecordRejected, Rejection, SourceSettings, configured
from datasources.document import address, belongs
from datasources.http import HttpClient
from datasources.options import HostName, Options, read_options
from situation.records import BaseMapLayer


class BaseMapOptions(Options):
    """`path`: where the index is. `hosts`: others on which layers may lie."""

    path: str = "index.json"
    hosts: tuple[HostName, ...] = ()


MANIFEST = Manifest(kind="basemap", records=("basemap",), interval_s=3600, timeout_s=120, stale_after_s=4 * 3600)


@dataclass(frozen=True, slots=True)
class BaseMapSource:
    """All layers of a base map."""

    key: str
    manifest: Manifest
    settings: SourceSettings
    options: BaseMapOptions
    http: HttpClient

    def check(self) -> None:
        """Try the index once."""
        layer_addresses(self.http.get(self._index).json())

    def fetch(self, context: FetchContext) -> Batch:
        """The index and every layer it names."""
        deadline_s = context.deadline_monotonic_s
        layers: list[BaseMapLayer] = []
        addresses, rejected = layer_addresses(self.http.get(self._index, deadline_s=deadline_s).json())
        for layer_id, path in addresses:
            url = urljoin(self._index, path)
            try:
                if not belongs(url, self.settings):
                    raise RecordRejected(layer_id, "an address on another host")
                document = self.http.get(url, deadline_s=deadline_s).json()
                layers.append(
                    normalise(
                        layer_id,
                        document,
                        key=self.key,
                        department=self.settings.department,
                        crs=self.manifest.crs,
                    )
                )
            except RecordRejected as refusal:
                rejected.append(Rejection(refusal.record_id, refusal.reason))
        return Batch(records=tuple(layers), rejected=tuple(rejected), complete=frozenset({"basemap"}))

    @property
    def _index(self) -> str:
        return address(self.settings, self.options.path)


def build(settings: SourceSettings, http: HttpClient) -> BaseMapSource:
    """Make the source; raises OptionsError."""
    options = read_options(BaseMapOptions, settings)
    return BaseMapSource(settings.key, configured(MANIFEST, settings), settings, options, http)
