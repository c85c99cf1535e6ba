"""Secrets that an address asks with (`?token=…`): into the environment, not into the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from datasources.connecting.going_on import without
from situation.settings import is_secret


def secrets_of(url: str, variable: str) -> Mapping[str, str]:
    """Names of the query that hold secrets → what stands for them in the settings, `${VARIABLE_NAME}`."""
    names = dict.fromkeys(name for name, _ in parse_qsl(urlsplit(url).query) if is_secret(("query", name)))
    return {name: f"${{{variable}_{re.sub('[^0-9A-Za-z]', '_', name).upper()}}}" for name in names}


def without_secrets(url: str, secrets: Mapping[str, str]) -> str:
    """The address that may be written down."""
    return without(url, tuple(secrets))
