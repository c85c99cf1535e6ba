"""Webhooks out: shares are told of changes, signed, in order, at least once, for as long as the change log is kept."""
