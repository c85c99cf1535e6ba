"""The `table` source: lines of one or several CSV documents."""

from __future__ import annotations

from typing import Literal

from datasources.contract import Manifest, SourceSettings
from datasources.http import HttpClient
from datasources.mapped import DocumentOptions, MappedDocuments, build_documents

MANIFEST = Manifest(kind="table", records=("place",), interval_s=600, timeout_s=60, stale_after_s=3600)


class TableOptions(DocumentOptions):
    """Options of `table`."""

    format: Literal["csv", "tsv", "xlsx"] = "csv"


def build(settings: SourceSettings, http: HttpClient) -> MappedDocuments:
    """Make the source; raises OptionsError."""
    return build_documents(MANIFEST, TableOptions, settings, http)
