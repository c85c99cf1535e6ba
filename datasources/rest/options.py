"""What `[sources.options]` of a `rest` source may hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from datasources.asking.options import AuthOptions
from datasources.asking.templates import placeholders
from datasources.formats import FormOptions
from datasources.mapping import MappingOptions
from datasources.mapping.paths import check_path
from datasources.media.addresses import ListedOptions
from datasources.options import OptionTable
from situation.settings import Secret

Seconds = Annotated[float, Field(ge=0)]
Text = str | Secret
KNOWN = frozenset({"since", "now", "page", "offset", "size", "cursor"})
"""What templates of requests can name."""


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
    query: dict[str, Text | tuple[Text, ...]] = Field(default_factory=dict)
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
