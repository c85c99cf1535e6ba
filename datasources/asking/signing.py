"""Signatures by a recipe: what is signed, how, and where it goes. Time and nonce come from outside."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from datasources.asking.options import SignOptions
from datasources.asking.request import Request
from datasources.asking.templates import Values, fill, texts
from datasources.secrets import reveal
from situation.clock import Clock
from situation.settings import Secret

Nonce = Callable[[], str]


def random_nonce() -> str:
    """32 hexadecimal digits that nobody can foresee."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Signing:
    """Signs every request anew."""

    recipe: SignOptions
    key_id: str
    secret: Secret
    clock: Clock
    nonce: Nonce
    zone: str | None

    def authenticate(self, request: Request, deadline_s: float) -> Request:
        """The request with its signature, and whatever else the recipe adds."""
        values = self._values(request)
        signed = {**values, "signature": self._signature(str(fill(self.recipe.text, values, self.zone) or ""))}
        request = request.with_headers(texts(self.recipe.headers, signed, self.zone))
        return request.with_query(texts(self.recipe.query, signed, self.zone))

    def renew(self) -> bool:
        """A signature that is refused would be refused again."""
        return False

    def _values(self, request: Request) -> Values:
        pairs = sorted([*parse_qsl(urlsplit(request.url).query, keep_blank_values=True), *request.query])
        return {
            "key_id": self.key_id,
            "secret": reveal(self.secret),
            "timestamp": self.clock.now(),
            "nonce": self.nonce(),
            "method": request.method,
            "path": request.path,
            "query": urlencode(pairs, quote_via=quote),
            "query_plain": "&".join(f"{name}={value}" for name, value in pairs),
            "body": request.body.decode("utf-8", "replace"),
            "body_md5": hashlib.md5(request.body, usedforsecurity=False).hexdigest(),
            "body_sha256": hashlib.sha256(request.body).hexdigest(),
        }

    def _signature(self, text: str) -> str:
        digest = self.recipe.digest
        if self.recipe.keyed:
            found = hmac.new(reveal(self.secret).encode(), text.encode(), digest).digest()
        else:
            found = hashlib.new(digest, text.encode(), usedforsecurity=False).digest()
        if self.recipe.encoding == "base64":
            return base64.b64encode(found).decode("ascii")
        return found.hex().upper() if self.recipe.encoding == "HEX" else found.hex()
