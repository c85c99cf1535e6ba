"""Weather warnings by OASIS CAP 1.0-1.2: an Atom or RSS feed, a single message, several, or an EDXL envelope."""

from datasources.cap.options import CapOptions as OPTIONS
from datasources.cap.source import MANIFEST, build

__all__ = ["MANIFEST", "OPTIONS", "build"]
