"""A store as a district has it after years: a million cases, a hundred million readings. Built once and kept.

The district itself goes in through the front door; what there is too much of is multiplied by SQL in the store's own
tables. `python -m benchmarks.big FOLDER` builds one and says how long it took and how large it is.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks import world
from simulator.model import City
from situation.clock import CityClock
from situation.store import Store
from situation.store.codec import to_ms
from situation.store.engine import sqlite_url
from situation.store.tables import HOUR_BUCKET_MS, HOUR_MS, MINUTE_BUCKET_MS, MINUTE_MS

DAY_MS = 24 * HOUR_MS
CASE_YEARS_DAYS = 400
DONE = "built.txt"
"""Written last: a store without it was interrupted and is built anew."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is. Every datastream has `all_hours` of a reading a minute, `year_streams` have a whole year."""

    cases: int = 1_000_000
    readings: int = 100_000_000
    year_streams: int = 3
    year_days: int = 365


FULL = Size()
QUICK = Size(cases=30_000, readings=500_000, year_streams=1, year_days=30)


def kept(folder: Path, city: City, size: Size) -> tuple[Path, str]:
    """The folder of the store, built when it is not there yet, and what is known of its building."""
    if not (folder / DONE).exists():
        for path in folder.glob("onescreen.db*"):
            path.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / DONE).write_text(_build(folder / "onescreen.db", city, size), encoding="utf-8")
    return folder, (folder / DONE).read_text(encoding="utf-8")


def year_stream(folder: Path) -> str:
    """Id of a datastream that has a year of readings, one a minute."""
    with closing(sqlite3.connect(folder / "onescreen.db")) as connection:
        found: str = connection.execute("SELECT id FROM datastream WHERE number = 1").fetchone()[0]
        return found


def _build(path: Path, city: City, size: Size) -> str:
    began_s, now = time.monotonic(), CityClock().now()
    store = Store.open(sqlite_url(path))
    world.fill(store, city, now)
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # a build that is cut off is thrown away
        connection.execute("PRAGMA cache_size=-400000")
        indexes = _drop_indexes(connection)
        cases = _multiply_cases(connection, size.cases)
        for statement in indexes:
            connection.execute(statement)
        readings = _add_readings(connection, size, now)
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    took_s, gigabytes = time.monotonic() - began_s, path.stat().st_size / 1e9
    return f"{cases:,} cases, {readings:,} readings, {gigabytes:.1f} GB, built in {took_s:.0f} s"


def _drop_indexes(connection: sqlite3.Connection) -> list[str]:
    """How to make the indexes again: sorting a million rows at the end is much faster than a million insertions."""
    question = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (?, ?)"
    known = connection.execute(question, ("record", "identity")).fetchall()
    for name, _ in known:
        connection.execute(f"DROP INDEX {name}")
    return [statement for _, statement in known]


def _multiply_cases(connection: sqlite3.Connection, wanted: int) -> int:
    """Copies of the closed cases, each with a number and id of its own and moved into earlier months."""
    (known,) = connection.execute("SELECT count(*) FROM record WHERE kind = 'case'").fetchone()
    (closed,) = connection.execute("SELECT count(*) FROM record WHERE kind = 'case' AND status = 'closed'").fetchone()
    (first,) = connection.execute("SELECT value FROM counter WHERE name = 'number'").fetchone()
    copies = max(0, wanted - known + closed - 1) // closed
    names = [row[1] for row in connection.execute("PRAGMA table_info(record)")]
    changed = {
        "number": "number + :step",
        "id": "id || :suffix",
        "at_ms": "at_ms - :ago",
        "revised_at_ms": "revised_at_ms - :ago",
        "ended_at_ms": "ended_at_ms - :ago",
        "body": "json_set(body, '$.id', id || :suffix)",
    }
    values = ", ".join(changed.get(name, name) for name in names)
    (span,) = connection.execute("SELECT max(number) - min(number) + 1 FROM record WHERE kind = 'case'").fetchone()
    for copy in range(1, copies + 1):
        days = world.CASE_DAYS + (CASE_YEARS_DAYS - 2 * world.CASE_DAYS) * copy // copies
        given = {"step": first + copy * span, "suffix": f"-{copy}", "ago": days * DAY_MS}
        source = "FROM record WHERE kind = 'case' AND status = 'closed' AND id NOT LIKE '%-%'"
        connection.execute(f"INSERT INTO identity SELECT number + :step, kind, id || :suffix {source}", given)
        connection.execute(f"INSERT INTO record ({', '.join(names)}) SELECT {values} {source}", given)
    connection.execute("UPDATE counter SET value = (SELECT max(number) FROM identity) WHERE name = 'number'")
    connection.commit()
    total: int = connection.execute("SELECT count(*) FROM record WHERE kind = 'case'").fetchone()[0]
    return total


def _add_readings(connection: sqlite3.Connection, size: Size, now: datetime) -> int:
    """A reading a minute of every datastream, hour by hour as they would have come; then the years and the hours."""
    (streams,) = connection.execute("SELECT count(*) FROM datastream").fetchone()
    last = to_ms(now) // HOUR_MS
    year_hours = size.year_days * 24
    hours = max(1, (size.readings - size.year_streams * year_hours * 60) // (streams * 60))
    connection.execute("CREATE TEMP TABLE minute (n INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO minute VALUES (?)", [(n,) for n in range(60)])
    wave = "20.0 + 10.0 * ((d.number * 7 + :hour * 5 + m.n) % 60) / 60.0 + (d.number * m.n) % 7"
    insert = (
        f"INSERT OR IGNORE INTO observation SELECT :hour, d.number, :hour * {HOUR_MS} + m.n * {MINUTE_MS}, {wave}"
        " FROM datastream d CROSS JOIN minute m WHERE d.number <= :most ORDER BY d.number, m.n"
    )
    for hour in range(last - year_hours, last):
        most = streams if hour >= last - hours else size.year_streams
        connection.execute(insert, {"hour": hour, "most": most})
        connection.execute("INSERT OR REPLACE INTO observation_bucket VALUES (?, ?)", (hour, True))
        if hour % 24 == 0:
            connection.commit()
    _roll_up(connection, size.year_streams)
    connection.execute("DROP TABLE minute")
    connection.commit()
    total: int = connection.execute("SELECT count(*) FROM observation").fetchone()[0]
    return total


def _roll_up(connection: sqlite3.Connection, year_streams: int) -> None:
    """What housekeeping would have made of them: minutes of the years, hours of everything."""
    for table, width_ms, bucket_ms, condition in (
        ("observation_minute", MINUTE_MS, MINUTE_BUCKET_MS, f"datastream <= {year_streams}"),
        ("observation_hour", HOUR_MS, HOUR_BUCKET_MS, "true"),
    ):
        start = f"at_ms - at_ms % {width_ms}"
        connection.execute(
            f"INSERT OR REPLACE INTO {table} (bucket, datastream, at_ms, count, minimum, maximum, total, last)"
            f" SELECT ({start}) / {bucket_ms}, datastream, {start}, count(*), min(value), max(value), sum(value), value"
            f" FROM observation WHERE {condition} GROUP BY datastream, {start} ORDER BY 1, 2, 3"
        )
        connection.commit()


def main() -> None:
    """Build one in the folder named and say what it is."""
    from benchmarks.bench import ADCODE, SEED
    from simulator.city import load

    folder = Path(sys.argv[1])
    size = QUICK if "--quick" in sys.argv else FULL
    print(kept(folder, load(ADCODE, 1, SEED, folder / "city"), size)[1])


if __name__ == "__main__":
    main()
