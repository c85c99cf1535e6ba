"""What real SensorThings servers can be asked, tried in order until one understands; no text of users is ever sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from datasources.contract import SourceUnavailable
from datasources.sensorthings.pages import NotUnderstood

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a server is asked with: which time it can order by ("": none), the largest page it gives, and whether it
    follows options inside a nested `$expand` (otherwise last readings are asked for apart).
    """

    order: str
    top: int
    is_deep: bool = True


DIALECTS: tuple[Dialect, ...] = (
    Dialect("phenomenonTime", 1000),
    Dialect("phenomenonTime", 100),
    Dialect("resultTime", 1000),
    Dialect("resultTime", 100),
    Dialect("phenomenonTime", 100, is_deep=False),
    Dialect("resultTime", 100, is_deep=False),
    Dialect("", 100, is_deep=False),
)
"""Real servers answer `$top=1000` with 422, ordering by phenomenonTime with 500, and nested options with 404."""


def things_query(dialect: Dialect, has_multi: bool = False) -> str:
    """All Things with their places and datastreams, and with last readings where the dialect is deep."""
    streams = f"Datastreams($expand=ObservedProperty{_last(dialect)})"
    if has_multi:
        streams += f",MultiDatastreams($expand=ObservedProperties{_last(dialect)})"
    return f"Things?$expand=Locations,{streams}&$top={dialect.top}"


def _last(dialect: Dialect) -> str:
    return f",Observations($orderby={dialect.order} desc;$top=1)" if dialect.is_deep and dialect.order else ""


def streams_query(dialect: Dialect) -> str:
    """All Datastreams, each with its Thing and place: for servers that have no Things worth listing."""
    return f"Datastreams?$expand=Thing($expand=Locations),ObservedProperty{_last(dialect)}&$top={dialect.top}"


def last_query(dialect: Dialect) -> str:
    """The last reading of every datastream and nothing else, for dialects that are not deep."""
    return f"Datastreams?$select=id&$expand=Observations($orderby={dialect.order} desc;$top=1)&$top={dialect.top}"


def observations_query(dialect: Dialect, since: datetime, is_array: bool = False, has_multi: bool = False) -> str:
    """Readings after `since`, the oldest first, each naming its datastream; or as dataArray, in its datastream."""
    time = dialect.order or "phenomenonTime"
    order = f"&$orderby={time} asc" if dialect.order else ""
    multi = ",MultiDatastream($select=id)" if has_multi else ""
    shape = "$resultFormat=dataArray" if is_array else f"$expand=Datastream($select=id){multi}"
    text = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"Observations?$filter={time} gt {text}{order}&{shape}&$top={dialect.top}"


OWNED_QUERY = "Things?$select=id&$expand=Datastreams($select=id)&$top=50"
OWNER_QUERY = "Datastreams?$select=id&$expand=Thing($select=id)&$top=50"
"""The same from both sides: one real server gives every row the first row's partner when asked from this one."""

PROPERTIES_QUERY = "ObservedProperties?$expand=Datastreams($select=id)&$top=100"


def in_dialect(
    preferred: int, query: Callable[[Dialect], str], ask: Callable[[Dialect, str], T], is_learned: bool = False
) -> tuple[int, T]:
    """Ask in the dialect that worked last, then in the others, no question twice; returns which was understood.

    Raises NotUnderstood when none is, and SourceUnavailable when one that is `is_learned` now fails with a 5xx.
    """
    order = [preferred, *(index for index in range(len(DIALECTS)) if index != preferred)]
    refusal = NotUnderstood("wrong_shape")
    refused: set[tuple[str, str]] = set()
    for index in order:
        dialect = DIALECTS[index]
        question = query(dialect)
        if (question, dialect.order) in refused:
            continue
        try:
            return index, ask(dialect, question)
        except NotUnderstood as error:
            if is_learned and error.safe_text.startswith("http_status:5"):
                raise SourceUnavailable(error.safe_text, str(error)) from error
            refusal = error
            refused.add((question, dialect.order))
    raise refusal
