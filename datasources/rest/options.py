"""What `[sources.options]` of a `rest` source may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from datasources.formats import FormOptions
from datasources.mapping import MappingOptions
from datasources.mapping.paths import check_path
from datasources.media.addresses import ListedOptions
from datasources.options import OptionTable
from datasources.rest.templates import placeholders
from situation.settings import Secret

Seconds = Annotated[float, Field(ge=0)]
Text = str | Secret
KNOWN = frozenset({"since", "now", "page", "offset", "size", "cursor"})
"""What templates of requests can name."""


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

    kind: Literal["none", "basic", "bearer", "api_key", "oauth2", "login", "sign"] = "none"
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
    "bearer": ("token",),
    "api_key": ("api_key",),
    "oauth2": ("token_url", "client_id"),
    "login": ("login",),
    "sign": ("sign", "secret"),
}


class PagingOptions(OptionTable):
    """`[sources.options.paging]`: how a list goes on.

    `page` and `offset` count (put `{page}`, `{offset}`, `{size}` into the query) until a page is empty, or `total` rows
    or `pages` pages are read; `cursor` takes the next `{cursor}` from the body at `next`; `link` follows the header
    `Link`, `header` the address in the header `header`, `next` the address in the body at `next`.
    """

    kind: Literal["none", "page", "offset", "cursor", "link", "header", "next"] = "none"
    size: int = Field(default=100, ge=1)
    first: int = Field(default=1, ge=0)
    next: str = ""
    header: str = "X-Next-Page-URL"
    total: str = ""
    pages: str = ""
    most_pages: int = Field(default=1000, ge=1, le=100_000)

    _paths = field_validator("next", "total", "pages")(check_path)

    @model_validator(mode="after")
    def _says_where_it_goes_on(self) -> PagingOptions:
        if self.kind in ("cursor", "next") and not self.next:
            raise ValueError(f"kind {self.kind} needs next: where the body says how it goes on")
        return self


class IncrementalOptions(OptionTable):
    """`[sources.options.incremental]`: only what is new since the last time, `{since}` in the query or body.

    `field` is the path in a row of what grows: a time, a number, or a text (compared as text). Of times `overlap_s` is
    asked again. The first request is for `backfill_s` of the past, or says no `{since}`. Every `full_every_s`
    everything is asked for, without `{since}`, so that what is gone upstream is noticed.
    """

    field: str
    type: Literal["time", "number", "text"] = "time"
    overlap_s: Seconds = 60.0
    backfill_s: Seconds | None = None
    full_every_s: Annotated[float, Field(gt=0)] | None = None

    _paths = field_validator("field")(check_path)


class RestOptions(FormOptions, MappingOptions, ListedOptions):
    """Options of `rest`. `username`, `password` and `hosts` are those of cameras' pictures; see `auth` for ours."""

    path: str = ""
    paths: tuple[str, ...] = ()
    method: Literal["GET", "POST"] = "GET"
    headers: dict[str, Text] = Field(default_factory=dict)
    query: dict[str, Text] = Field(default_factory=dict)
    body: dict[str, Any] | str | None = None
    body_form: Literal["json", "form", "text"] = "json"
    complete: bool | None = None
    """Whether a reply is everything there is, so that what is missing is gone. Default: unless it is incremental."""
    auth: AuthOptions = AuthOptions()
    paging: PagingOptions = PagingOptions()
    incremental: IncrementalOptions | None = None

    @field_validator("path", "paths", "headers", "query", "body")
    @classmethod
    def _names_are_known(cls, given: Any) -> Any:
        if isinstance(given, str) and given.lstrip()[:1] in ("{", "["):
            return given  # JSON as text has braces of its own
        for name in placeholders(given):
            if name not in KNOWN:
                raise ValueError(f"no {{{name}}} is known; known: {', '.join(sorted(KNOWN))}")
        return given

    @model_validator(mode="after")
    def _body_is_posted(self) -> RestOptions:
        if self.body is not None and self.method != "POST":
            raise ValueError('a body needs method = "POST"')
        return self
