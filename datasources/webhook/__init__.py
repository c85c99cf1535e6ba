"""Systems that call us: bodies that the web process has taken in, by mapping."""

from datasources.webhook.options import WebhookOptions as OPTIONS
from datasources.webhook.source import MANIFEST, build

__all__ = ["MANIFEST", "OPTIONS", "build"]
