"""What `[sources.options.auth]` may hold, for every kind of source that is asked over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from datasources.asking.templates import placeholders
from datasources.mapping.paths import check_path
from datasources.options import Options, OptionTable
from situation.settings.secret import Secret

Seconds = Annotated[float, Field(ge=0)]


class LoginOptions(OptionTable):
    """`[sources.options.auth.login]`: how a token is asked for, with `{username}` and `{password}` (`{password:md5}`).

    The token stands in the reply's body at `token_at`, in its header `header`, or in its cookie `cookie`.
    """

    path: str
    method: Literal["GET", "POST"] = "POST"
    query: dict[str, str] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    body: dict[str, Any] | None = None
    body_form: Literal["json", "form"] = "json"
    token_at: str = ""
    header: str = ""
    cookie: str = ""
    expires_in_at: str = ""
    """Where the reply says for how many seconds the token holds."""

    _paths = field_validator("token_at", "expires_in_at")(check_path)

    @model_validator(mode="after")
    def _says_where_the_token_is(self) -> LoginOptions:
        if sum(map(bool, (self.token_at, self.header, self.cookie))) != 1:
            raise ValueError("needs one of token_at, header, cookie: where the token is")
        return self


class SignOptions(OptionTable):
    """`[sources.options.auth.sign]`: a signing recipe.

    `text` is what is signed, `headers` and `query` what is added to the request; both with `{key_id}`, `{timestamp}`,
    `{nonce}`, `{method}`, `{path}`, `{query}` (sorted and encoded), `{query_plain}`, `{body}`, `{body_md5}`,
    `{body_sha256}`, `{secret}`, the latter ones with `{signature}` too. `keyed = false`: a plain digest instead of an
    HMAC; the secret is then part of the text.
    """

    text: str
    headers: dict[str, str] = Field(default_factory=dict)
    query: dict[str, str] = Field(default_factory=dict)
    digest: Literal["md5", "sha1", "sha256", "sha512", "sm3"] = "sha256"
    keyed: bool = True
    encoding: Literal["hex", "HEX", "base64"] = "hex"

    @field_validator("digest")
    @classmethod
    def _is_at_hand(cls, name: str) -> str:
        if name not in hashlib.algorithms_available:
            raise ValueError(f"{name} is not in this machine's OpenSSL")
        return name

    @model_validator(mode="after")
    def _says_where_the_signature_goes(self) -> SignOptions:
        if "signature" not in placeholders([*self.headers.values(), *self.query.values()]):
            raise ValueError("needs {signature} in headers or query")
        return self


class AuthOptions(OptionTable):
    """`[sources.options.auth]`: how requests say who asks.

    `place`, `name` and `prefix` say where an API key or a token goes (default: `Authorization: Bearer …`, of an API
    key the header `X-API-Key`).
    """

    kind: Literal["none", "basic", "digest", "bearer", "api_key", "oauth2", "login", "sign"] = "none"
    username: str = ""
    password: Secret = Secret("")
    token: Secret = Secret("")
    api_key: Secret = Secret("")
    place: Literal["header", "query", "cookie"] = "header"
    name: str = ""
    prefix: str | None = None
    token_url: str = ""
    client_id: str = ""
    client_secret: Secret = Secret("")
    client_in_body: bool = False
    scope: str = ""
    key_id: str = ""
    secret: Secret = Secret("")
    lasts_s: Seconds = 3600.0
    """How long a token is used when nobody says how long it holds."""
    login: LoginOptions | None = None
    sign: SignOptions | None = None

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> AuthOptions:
        missing = [name for name in _NEEDED[self.kind] if not getattr(self, name)]
        if missing:
            raise ValueError(f"kind {self.kind} needs {', '.join(missing)}")
        return self


_NEEDED: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "basic": ("username",),
    "digest": ("username",),
    "bearer": ("token",),
    "api_key": ("api_key",),
    "oauth2": ("token_url", "client_id"),
    "login": ("login",),
    "sign": ("sign", "secret"),
}


class AskingOptions(Options):
    """Mix-in: says who asks."""

    auth: AuthOptions = AuthOptions()
