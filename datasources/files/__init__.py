"""Files that a department's system puts into a folder or onto an SFTP server: CSV, Excel, JSON, GeoJSON, XML, GPX."""

from datasources.files.source import MANIFEST, FilesOptions, build

OPTIONS = FilesOptions

__all__ = ["MANIFEST", "OPTIONS", "build"]
