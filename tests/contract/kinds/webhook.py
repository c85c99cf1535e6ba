"""Asks nobody: `test_push_sources.py` and `web/test_incoming.py` put it through what callers do."""

EXAMPLE = None
