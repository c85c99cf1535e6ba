"""Answering an upstream that asks for a login over HTTP: Digest (RFC 7616, 2069), else Basic (RFC 7617)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit
from urllib.request import parse_http_list

Login = tuple[str, str]
"""User and password."""

_HASHES = {"MD5": "md5", "SHA-256": "sha256"}
_DEFAULT_HASH = "MD5"


def authorization(challenge: str, login: Login, method: str, url: str, cnonce: str = "") -> str:
    """The `Authorization` header that answers a `WWW-Authenticate` one; "" when it asks for nothing we can give.

    Digest wins where both are offered: it doesn't send the password.
    """
    offered = list(_challenges(challenge))
    for scheme, values in offered:
        if scheme == "digest" and values.get("algorithm", _DEFAULT_HASH).upper() in _HASHES and "nonce" in values:
            return _digest(values, login, method, url, cnonce or secrets.token_hex(8))
    if any(scheme == "basic" for scheme, _ in offered):
        return "Basic " + base64.b64encode(":".join(login).encode()).decode("ascii")
    return ""


def _challenges(header: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Scheme (lower case) and parameters of each challenge; several stand in one header, separated by commas too."""
    scheme, values = "", dict[str, str]()
    for part in parse_http_list(header):
        name, _, value = part.partition("=")
        words = name.split()
        if len(words) == 2 or "=" not in part:
            if scheme:
                yield scheme, values
            scheme, values = words[0].lower() if words else "", {}
        if words and "=" in part:
            values[words[-1].lower()] = value.strip().strip('"')
    if scheme:
        yield scheme, values


def _digest(values: Mapping[str, str], login: Login, method: str, url: str, cnonce: str) -> str:
    algorithm = values.get("algorithm", _DEFAULT_HASH)
    name = _HASHES[algorithm.upper()]

    def hashed(*parts: str) -> str:
        return hashlib.new(name, ":".join(parts).encode(), usedforsecurity=False).hexdigest()

    user, password = login
    realm, nonce = values.get("realm", ""), values["nonce"]
    address = urlsplit(url)
    uri = (address.path or "/") + (f"?{address.query}" if address.query else "")
    whose, what = hashed(user, realm, password), hashed(method, uri)
    given = {"username": user, "realm": realm, "nonce": nonce, "uri": uri}
    has_qop = "auth" in [each.strip() for each in values.get("qop", "").split(",")]
    count = "00000001"
    given["response"] = hashed(whose, nonce, count, cnonce, "auth", what) if has_qop else hashed(whose, nonce, what)
    if "opaque" in values:
        given["opaque"] = values["opaque"]
    header = ", ".join(f'{key}="{value}"' for key, value in given.items()) + f", algorithm={algorithm}"
    return f"Digest {header}" + (f', qop=auth, nc={count}, cnonce="{cnonce}"' if has_qop else "")
