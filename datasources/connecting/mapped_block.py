"""The part of a block that says how rows become records: guessed from the rows themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from datasources.connecting.block import Block, toml_name
from datasources.connecting.columns import Guess
from datasources.connecting.district_outline import outline_of
from datasources.connecting.finding import Found
from datasources.connecting.going_on import Rest
from datasources.connecting.positions import write_positions
from datasources.connecting.readings import called
from datasources.connecting.rows import Rows, values
from datasources.connecting.said_ok import said_ok
from datasources.fields import instant
from datasources.plausibility import judge_time
from situation.clock import Clock
from situation.masking import mask
from situation.settings import Settings

_TIMES = ("observed_at", "positioned_at", "seen_at", "updated_at", "reported_at")
_WITH_UNIT = re.compile(r"([^()（）]+?)\s*[(（]([^()（）]{1,12})[)）]")
_SHOWN = 60
_MOST_HOSTS = 50


_DEFAULT_FORMATS = {"geojson": "geojson", "table": "csv", "camera_list": "csv", "rest": "json"}


@dataclass(frozen=True, slots=True)
class Written:
    """What a block is written of: its kind, its address, rows of it, what they are taken for and how they go on."""

    kind: str
    url: str
    found: Found
    taken: Guess
    rest: Rest
    secrets: Mapping[str, str] = field(default_factory=dict)


def write_mapping(block: Block, written: Written, settings: Settings | None, clock: Clock) -> None:
    """Coordinates, zone, form, mapping and words of the rows."""
    found, taken = written.found, written.taken
    outline = outline_of(settings) if settings else None
    more = write_positions(block, taken, found.rows, found.document, outline)
    _write_zone(block, taken, found.rows, settings, clock.now())
    _write_options(block, written, more)
    block.raw("")
    block.table("sources.options.fields")
    for name, column in taken.fields.items():
        block.set(name, column, _example(found.rows, column))
    _write_unused(block, taken, found)
    if index := _listed_address(taken, found.rows):
        block.note(f"! these rows look like addresses of other lists: connect one of them, as {index}")
    _write_reply(block, written)
    for name, words in taken.words.items():
        block.words(name, words, taken.allowed[name])
    _write_table(block, "sources.options.media", taken.media)
    _write_readings(block, taken, found.rows)


def _write_options(block: Block, written: Written, more: Mapping[str, Any]) -> None:
    """What stands in `[sources.options]` itself."""
    taken = written.taken
    block.table("sources.options")
    if written.kind != "camera_list":
        block.set("record", taken.record, "a guess; one of place, camera, sensor, case, officer, component …")
    for name, value in written.found.form.items():
        if (name, value) not in (("format", _DEFAULT_FORMATS.get(written.kind)), ("delimiter", ",")):
            block.set(name, value)
    _write_query(block, written)
    for name, value in more.items():
        block.set(name, value)
    if taken.media:
        _write_hosts(block, written)
    if doubt := _doubt_of_id(taken):
        block.note(f"! {doubt}")
    _write_series(block, taken, written.found.rows)


def _write_query(block: Block, written: Written) -> None:
    if written.rest.why:
        block.note(written.rest.why)
    for reference in written.secrets.values():
        other = "" if written.kind == "rest" else f", which {written.kind} has no place for: another way in is needed"
        block.note(f"! the address held a secret: set it in the environment, as {reference}{other}")
    way = written.rest.way
    query = {**(way.query if way is not None else {}), **written.secrets}
    if query and written.kind == "rest":
        block.set("query", query)


def _doubt_of_id(taken: Guess) -> str:
    if "id" not in taken.fields:
        return "no column that looks like an id is different in every row: name one, or every row is rejected"
    if taken.is_shared:
        return "some rows have the same id: only one of each is kept"
    if taken.is_row_number:
        return "the id only numbers the rows: a table that is made anew gives the numbers to others; is there a better?"
    return "no id was found but the name: who is renamed is another record" if taken.is_by_name else ""


def _write_reply(block: Block, written: Written) -> None:
    """What a good reply says of itself, and how the list goes on."""
    if ok := said_ok(written.found.document):
        block.note(f"replies in which {ok['path']} says anything else are taken for errors")
        _write_table(block, "sources.options.ok", ok)
    way = written.rest.way
    if way is not None and written.kind == "rest":
        _write_table(block, "sources.options.paging", way.paging)


def _write_table(block: Block, name: str, values_of: Mapping[str, Any]) -> None:
    if values_of:
        block.table(name)
    for key, value in values_of.items():
        block.set(key, value)


def _write_readings(block: Block, taken: Guess, rows: Rows) -> None:
    for called_so, unit in taken.quantities.items():
        block.table(f"sources.options.readings.{toml_name(called_so)}")
        block.set("unit", unit, "" if unit else "their unit")
    for column in taken.readings:
        called_so, unit = _quantity(column)
        block.table(f"sources.options.readings.{toml_name(called_so)}")
        block.set("value", column, _example(rows, column))
        block.set("unit", unit, "" if unit else "their unit")


def _write_series(block: Block, taken: Guess, rows: Rows) -> None:
    """That one row is one reading, or that it may be; that there is nothing to read."""
    if (taken.readings or taken.quantity) and "observed_at" not in taken.fields:
        block.note("! no time of the readings was found: without one none is kept; name it as fields.observed_at")
    if taken.quantity:
        block.set("reading_name", taken.quantity, "one row is one reading of what this column says")
        return
    if taken.record == "sensor" and not taken.readings:
        block.note("! no column of numbers looks like what is measured: name it in [sources.options.readings.…]")
    at = taken.fields.get("observed_at")
    if taken.record == "sensor" and at is not None and "id" in taken.fields:
        told = [(str(row.get(taken.fields["id"])), row.get(at)) for row in rows]
        if len(set(told)) < len(told):
            block.note(
                "! several rows tell of one sensor and time: each of another quantity? reading_name, docs/mapping.md"
            )


def _write_hosts(block: Block, written: Written) -> None:
    """Other hosts that addresses of pictures lie on: only those that are named are ever asked."""
    texts = [text for column in written.taken.media.values() for text in values(written.found.rows, column)]
    hosts = {urlsplit(text).hostname for text in texts if isinstance(text, str)} - {
        urlsplit(written.url).hostname,
        None,
    }
    if hosts:
        named = sorted(host for host in hosts if host)
        block.set("hosts", named[:_MOST_HOSTS], f"{len(named)} hosts that pictures lie on; others are never asked")


def _write_zone(block: Block, taken: Guess, rows: Rows, settings: Settings | None, now: datetime) -> None:
    column = next((taken.fields[name] for name in _TIMES if name in taken.fields), None)
    if column is None:
        return
    own = settings.district.timezone if settings else "Asia/Shanghai"
    given = values(rows, column)
    newest_at = max((at for value in given if (at := instant(value, own))), default=None)
    time = judge_time(newest_at, now, own)
    if instant(given[0], "UTC") == instant(given[0], "Asia/Shanghai"):
        block.note(f"times of {column} say their zone")
    else:
        newest = f"{column} has none; newest: {max(map(str, given))}"
        is_other = time.better_zone not in ("", own)
        doubt = f"! not sure, it would be the present so and is not as {own}; " if is_other else ""
        block.set("timezone", time.better_zone or own, f"{doubt}{newest}")
    if time.verdict == "ahead":
        block.note(f"! the newest {column} is ahead of our clock: a local time marked as UTC?")
    if time.verdict == "old" and not time.better_zone:
        block.note(f"! the newest {column} is old: is this system alive?")


def _write_unused(block: Block, taken: Guess, found: Found) -> None:
    used = {*taken.fields.values(), *taken.media.values(), *taken.readings, taken.quantity}
    left = [column for column in dict.fromkeys(each for row in found.rows for each in row) if column not in used]
    if left:
        block.note(f"not used: {', '.join(left[:20])}{' …' if len(left) > 20 else ''}")


def _listed_address(taken: Guess, rows: Rows) -> str:
    """An address that a row names, where rows hold little else; "" where they are records."""
    if {"lon", "position"} & taken.fields.keys() or taken.media or taken.record != "place":
        return ""
    row = rows[0]
    links = (
        [each for each in row.get("links") or () if isinstance(each, dict)]
        if isinstance(row.get("links"), list)
        else []
    )
    texts = [row.get("url"), row.get("href"), row.get("links[0].href"), *(each.get("href") for each in links)]
    return next((text.partition("?")[0] for text in texts if isinstance(text, str) and text.startswith("http")), "")


def _example(rows: Rows, column: str) -> str:
    found = values(rows, column)
    text = " ".join(str(found[0]).split()) if found else ""
    if "." not in text and instant(text) is None:  # neither a coordinate nor a time: it may name or call somebody
        text = mask(text)
    return f"for example {text[:_SHOWN]}" if text else "always empty"


def _quantity(column: str) -> tuple[str, str]:
    """What a column of readings is called and its unit: of `data.水位（m）` 水位 and m."""
    last = called(column) or column
    found = _WITH_UNIT.fullmatch(last)
    return (found[1], found[2]) if found else (last, "")
