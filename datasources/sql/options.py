"""What `[sources.options]` of kind `sql` may hold."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pydantic import Field, field_validator, model_validator

from datasources.mapping import MappingOptions
from datasources.sql.statement import read_statement
from situation.settings import Secret

MOST_ROWS = 1_000_000


class SqlOptions(MappingOptions):
    """`database`: SQLAlchemy's address of it (`postgresql`, `mysql`, `mariadb`, `sqlite`), with user and password.

    `query`: one SELECT; `:since` in it is the greatest `since_column` read so far, less `overlap` (seconds of a time,
    steps of a number), at first `since_start`. With `full_every_s` (city seconds) everything since `since_start` is
    asked for now and then, and what is gone from it is removed. `row_cap`: rows of one fetch.
    """

    database: Secret
    query: str
    since_column: str = ""
    since_start: datetime | date | int | float | str = datetime(1970, 1, 1, tzinfo=UTC)
    overlap: float = Field(default=60.0, ge=0)
    full_every_s: float | None = Field(default=None, gt=0)
    row_cap: int = Field(default=50_000, ge=1, le=MOST_ROWS)

    @field_validator("database")
    @classmethod
    def _is_an_address(cls, given: Secret) -> Secret:
        from datasources.sql.database import read_url  # SQLAlchemy is loaded only where a source of this kind is

        read_url(given.reveal())
        return given

    @field_validator("query")
    @classmethod
    def _only_reads(cls, given: str) -> str:
        read_statement(given)
        return given

    @model_validator(mode="after")
    def _names_its_column(self) -> SqlOptions:
        if read_statement(self.query)[1] != bool(self.since_column):
            raise ValueError(
                "query and since_column go together: :since in one, the column it is read from in the other"
            )
        return self
