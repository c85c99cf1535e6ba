"""Bodies of upstreams to rows, whatever their format; raises SourceDataError or SourceAuthFailed."""

from datasources.formats.options import FormOptions, OkOptions
from datasources.formats.reading import Rows, read_rows

__all__ = ["FormOptions", "OkOptions", "Rows", "read_rows"]
