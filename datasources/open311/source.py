"""The `open311` source: a department's cases, back-filled in windows at first, then by what changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from datasources.asking.client import authenticated
from datasources.contract import (
    Batch,
    FetchContext,
    Manifest,
    SourceDataError,
    SourceError,
    SourceSettings,
    SourceUnavailable,
    configured,
)
from datasources.document import address
from datasources.fields import instant, zone
from datasources.http import HttpClient
from datasources.open311.backfill import (
    ENOUGH_ROWS,
    FIRST_WINDOW,
    SHORTEST_WINDOW,
    WINDOW,
    WINDOWS_AT_ONCE,
    BackFill,
    begin,
    next_length,
    read_back_fill,
)
from datasources.open311.document import read_rows
from datasources.open311.forms import FORMS, Form, form_of
from datasources.open311.normalise import Dialect, content_at, normalise, service_names
from datasources.open311.options import Open311Options
from datasources.open311.pages import Listed, NotUnderstood, read_pages
from datasources.options import read_options
from datasources.secrets import reveal
from datasources.words.case_states import read_states

MANIFEST = Manifest(kind="open311", records=("case",), interval_s=10, timeout_s=60, stale_after_s=120, resumes=True)
OVERLAP = timedelta(minutes=2)
"""Asked again each time: servers show a change a little after the time they give it."""

SERVICES_EVERY = timedelta(hours=1)
SWEPT_EVERY = timedelta(minutes=10)
"""How often a server that can't be asked for changes is asked for all of the last 90 days."""

STRAYING = timedelta(days=1)
LEARN_AGAIN_AFTER = timedelta(hours=24)

T = TypeVar("T")


@dataclass(slots=True)
class _Place:
    """Where a fetch stands: what the cursor told, moved on as answers come."""

    form: int
    learned: frozenset[str]
    learned_at: datetime
    since: datetime | None
    swept_at: datetime | None
    back_fill: BackFill


@dataclass(frozen=True, slots=True)
class Open311Source:
    """A department's cases: back-filled in windows at first, then by what changed since."""

    key: str
    manifest: Manifest
    settings: SourceSettings
    options: Open311Options
    dialect: Dialect
    http: HttpClient

    def check(self) -> None:
        """Try one small page."""
        context = FetchContext(now=self.http.clock.now())
        place = self._place({}, context.now)
        self._asking(place, "list", lambda form: self._rows(form.query(1), context))

    def fetch(self, context: FetchContext) -> Batch:
        """What was updated since the cursor; and, until the back-fill is done, the next of its windows."""
        cursor = context.cursor if isinstance(context.cursor, dict) else {}
        place = self._place(cursor, context.now)
        rows = [] if place.since is None else self._changed(place, context)
        rows += self._windows(place, context)
        services, services_at = self._services(cursor, context)
        cases, rejected = normalise(rows, replace(self.dialect, services=services))
        newest_at = content_at(cases)
        # never ahead of our time: after an upstream's clock was put right, its changes would be missed
        reached = max(place.since or context.now - WINDOW, min(newest_at or context.now - OVERLAP, context.now))
        return Batch(
            records=tuple({case.id: case for case in cases}.values()),
            rejected=tuple(rejected),
            content_at=None if self._is_of_the_past(newest_at, place) else newest_at,
            note="" if place.back_fill.is_done else f"backfill:{place.back_fill.percent}",
            has_more=not place.back_fill.is_done,
            cursor={
                "updated_after": reached.isoformat(),
                "backfill": place.back_fill.to_cursor(),
                "form": place.form,
                "learned": sorted(place.learned),
                "learned_at": place.learned_at.isoformat(),
                "swept_at": place.swept_at.isoformat() if place.swept_at else None,
                "services": services,
                "services_at": services_at.isoformat() if services_at else None,
            },
        )

    def _is_of_the_past(self, newest_at: datetime | None, place: _Place) -> bool:
        """Whether only a back-filled window came, whose times say nothing of how fresh the source is."""
        return newest_at is not None and place.since is not None and newest_at < place.since - OVERLAP

    def _place(self, cursor: Mapping[str, Any], now: datetime) -> _Place:
        learned_at, since = instant(cursor.get("learned_at")), instant(cursor.get("updated_after"))
        is_learned = learned_at is not None and now - learned_at < LEARN_AGAIN_AFTER
        learned, back_fill = cursor.get("learned"), read_back_fill(cursor)
        if back_fill is None:  # a cursor of before there were windows has everything
            back_fill = begin(now, self.options.backfill_days if since is None else 0.0)
        return _Place(
            form=form_of(cursor) if is_learned else 0,
            learned=frozenset(map(str, learned)) if is_learned and isinstance(learned, list) else frozenset(),
            learned_at=learned_at if is_learned and learned_at else now,
            since=since,
            swept_at=instant(cursor.get("swept_at")),
            back_fill=back_fill,
        )

    def _changed(self, place: _Place, context: FetchContext) -> list[Any]:
        """What changed; of a server without `updated_after` what is new, and now and then its last 90 days."""
        since = (place.since or context.now) - OVERLAP
        is_due = place.swept_at is None or context.now - place.swept_at >= SWEPT_EVERY

        def ask(form: Form) -> Listed:
            if form.has_changes:
                return self._rows(form.query(self.options.page_size, updated_after=since), context)
            start = context.now - WINDOW if is_due else since
            return self._rows(form.query(self.options.page_size, start_date=start), context)

        listed = self._asking(place, "changes", ask)
        if is_due and not FORMS[place.form].has_changes:
            place.swept_at = context.now
        return listed.rows

    def _windows(self, place: _Place, context: FetchContext) -> list[Any]:
        """The next windows of the back-fill, the newest first, as long as there are time and room for them."""
        rows: list[Any] = []
        seen: set[int] = set()
        length = FIRST_WINDOW
        began_s = self.http.clock.monotonic()
        enough_s = (context.deadline_monotonic_s - began_s) / 2
        for _ in range(WINDOWS_AT_ONCE):
            is_enough = len(rows) >= ENOUGH_ROWS or self.http.clock.monotonic() - began_s > enough_s
            if place.back_fill.is_done or is_enough:
                break
            start, end = place.back_fill.window(length)
            found = self._window(place, start, end, context)
            new = list(_not_seen(found, seen))
            rows += new
            length = next_length(end - start, len(new), len(rows))
            says_the_same = bool(found) and not new and self._ignores_dates(found, start, end)
            has_dates = FORMS[place.form].has_dates and not says_the_same
            place.back_fill = place.back_fill.after(start if has_dates else place.back_fill.until_at)
        return rows

    def _window(self, place: _Place, start: datetime, end: datetime, context: FetchContext) -> list[Any]:
        """The rows of a span; in halves where the server gives no more of it at once, until halves bring nothing."""
        listed = self._asking(
            place,
            "window",
            lambda form: self._rows(form.query(self.options.page_size, start_date=start, end_date=end), context),
        )
        if not listed.is_cut or end - start <= SHORTEST_WINDOW or self._ignores_dates(listed.rows, start, end):
            return listed.rows
        middle = start + (end - start) / 2
        halves = [self._window(place, *span, context) for span in ((middle, end), (start, middle))]
        return [*listed.rows, *halves[0], *halves[1]]

    def _ignores_dates(self, rows: Sequence[Any], start: datetime, end: datetime) -> bool:
        """Whether there are rows from quite another time than was asked for."""
        times = [instant(row.get("requested_datetime"), self.dialect.zone) for row in rows if isinstance(row, dict)]
        return any(at is not None and not start - STRAYING <= at <= end + STRAYING for at in times)

    def _asking(self, place: _Place, about: str, ask: Callable[[Form], T]) -> T:
        """Ask in the form that was understood last, then in the plainer ones.

        Raises SourceUnavailable where a 5xx remains, or comes though the same (`about`) was understood before.
        """
        refusal: SourceError | None = None
        for index in (place.form, *(each for each in range(len(FORMS)) if each != place.form)):
            try:
                answer = ask(FORMS[index])
            except NotUnderstood as error:
                refusal = refusal or error
                if error.safe_text.startswith("http_status:5") and about in place.learned:
                    break
            else:
                place.form, place.learned = index, place.learned | {about}
                return answer
        failed = refusal or SourceDataError("wrong_shape")
        if failed.safe_text.startswith("http_status:5"):
            raise SourceUnavailable(failed.safe_text, str(failed)) from failed
        raise failed

    def _rows(self, query: Mapping[str, str], context: FetchContext) -> Listed:
        return read_pages(self.http, self._url("requests"), {**self._fixed(), **query}, self.settings, context)

    def _services(
        self, cursor: Mapping[str, Any], context: FetchContext
    ) -> tuple[dict[str, list[str]], datetime | None]:
        """The services list, asked for once an hour; a server without one has no names, and still has cases."""
        known, asked_at = cursor.get("services"), instant(cursor.get("services_at"))
        if isinstance(known, dict) and asked_at and context.now - asked_at < SERVICES_EVERY:
            return known, asked_at
        try:
            reply = self.http.get(self._url("services"), params=self._fixed(), deadline_s=context.deadline_monotonic_s)
            return service_names(read_rows(reply)), context.now
        except SourceError:  # the cases are here already; their names can wait
            return (known if isinstance(known, dict) else {}), context.now

    def _fixed(self) -> dict[str, str]:
        fixed = {"jurisdiction_id": self.options.jurisdiction_id, "api_key": reveal(self.options.api_key)}
        return {name: value for name, value in fixed.items() if value}

    def _url(self, resource: str) -> str:
        return address(self.settings, f"{resource}.{self.options.format}")


def _not_seen(rows: Sequence[Any], seen: set[int]) -> Iterator[Any]:
    """Rows that no earlier window had: windows touch, and servers that ignore dates say the same each time."""
    for row in rows:
        told = hash(repr(row))
        if told not in seen:
            seen.add(told)
            yield row


def build(settings: SourceSettings, http: HttpClient) -> Open311Source:
    """Make the source; raises OptionsError or ValueError for wrong options."""
    zone(settings.timezone)
    options = read_options(Open311Options, settings)
    manifest = configured(MANIFEST, settings)
    dialect = Dialect(
        key=settings.key,
        department=settings.department,
        crs=manifest.crs,
        zone=settings.timezone,
        states=read_states(settings.key, options.states),
        agencies=options.agencies,
    )
    asking = authenticated(http, options.auth, settings)
    return Open311Source(settings.key, manifest, settings, options, dialect, asking)
