"""The `cap` source: a feed of messages, each fetched when the feed has changed; or the messages in one document."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from datasources.asking.client import authenticated
from datasources.cap.elements import children, find_all, local, said
from datasources.cap.normalise import Office, carries_cap, messages, normalise_entry, read_messages
from datasources.cap.options import CapOptions
from datasources.cap.window import Window, read_window, seen
from datasources.contract import (
    Batch,
    FetchContext,
    Manifest,
    RecordRejected,
    Rejection,
    SourceDataError,
    SourceSettings,
    configured,
)
from datasources.decode import decode_xml
from datasources.document import address, belongs, document_cursor, fetch_document
from datasources.fields import each, instant, newest, zone
from datasources.http import HttpClient
from datasources.options import read_options
from datasources.superseding import read_replaced, settled
from situation.records import WeatherWarning

MANIFEST = Manifest(kind="cap", records=("warning",), interval_s=15, timeout_s=30, stale_after_s=300, resumes=True)
MOST_MESSAGES = 500
MISSED_AGAIN_AFTER = timedelta(minutes=1)
_FEED_ROOTS = frozenset({"feed", "rss", "rdf", "channel"})
_DOCUMENT_ROOTS = frozenset({"alert", "alerts", "edxldistribution"})


@dataclass(slots=True)
class _Found:
    """What one reading of a document came to."""

    warnings: list[WeatherWarning]
    rejected: list[Rejection]
    has_missed: bool = False
    window: Window = field(default_factory=Window)


@dataclass(frozen=True, slots=True)
class CapSource:
    """A feed of messages, each fetched when the feed has changed; or the messages in one document."""

    key: str
    manifest: Manifest
    settings: SourceSettings
    office: Office
    http: HttpClient

    def check(self) -> None:
        """Try the feed once."""
        _recognised(decode_xml(self.http.get(address(self.settings)).body))

    def fetch(self, context: FetchContext) -> Batch:
        """Every message listed or pushed out; nothing when the list is the same as last time: messages never change."""
        url = address(self.settings)
        reply = fetch_document(self.http, url, context)
        if reply.is_unchanged:
            return Batch(not_modified=True, cursor=context.cursor)
        digest = hashlib.sha256(reply.body).hexdigest()
        known = context.cursor if isinstance(context.cursor, dict) else {}
        again_at = instant(known.get("again_at"))
        if known.get("digest") == digest and (again_at is None or context.now < again_at):
            return Batch(not_modified=True, cursor=context.cursor)
        found = self._read(_recognised(decode_xml(reply.body)), url, context, read_window(known.get("window")))
        now = settled(found.warnings, read_replaced(known.get("replaced")))
        place: dict[str, Any] = {"digest": digest, "window": found.window.to_cursor()}
        if found.has_missed:  # asked for again, though the list stays the same; but not at every look
            place["again_at"] = (context.now + MISSED_AGAIN_AFTER).isoformat()
        else:
            place |= document_cursor(reply) or {}
        return Batch(
            records=now.warnings,
            rejected=tuple(found.rejected),
            complete=frozenset({"warning"}),
            content_at=newest(warning.sent_at for warning in found.warnings),
            cursor={**place, "replaced": now.replaced_cursor()},
        )

    def _read(self, root: Element, url: str, context: FetchContext, before: Window) -> _Found:
        """What the document says itself, what it links to, and what newer messages pushed out of it."""
        found = _Found(*read_messages(root, self.office))
        entries = [entry for entry in _entries(root) if not messages(entry)]
        said_there = [entry for entry in entries if carries_cap(entry)]
        elsewhere = [entry for entry in entries if not carries_cap(entry)]
        warnings, refused = each(said_there, lambda entry: normalise_entry(entry, self.office))
        found.warnings += warnings
        found.rejected += refused
        listed = self._follow(elsewhere[:MOST_MESSAGES], url, context, found)
        out = {link: self._again(link, context) for link in before.pushed_out(listed, len(entries), context.now)}
        found.warnings += [one for linked in (*listed.values(), *out.values()) for one in linked]
        found.window = seen(len(entries), listed, out)
        return found

    def _follow(
        self, entries: Sequence[Element], url: str, context: FetchContext, found: _Found
    ) -> dict[str, list[WeatherWarning]]:
        """The messages that entries link to, by their links."""
        by_link: dict[str, list[WeatherWarning]] = {}
        for entry in entries:
            try:
                link = _link(entry, url, self.settings)
                by_link[link] = []
                by_link[link], refused = self._message(link, context)
                found.rejected += refused
            except RecordRejected as refusal:
                found.rejected.append(Rejection(refusal.record_id, refusal.reason))
            except SourceDataError as error:  # gone or malformed: it costs that message
                found.has_missed = True
                found.rejected.append(Rejection(_name(entry), error.safe_text))
        return by_link

    def _again(self, link: str, context: FetchContext) -> list[WeatherWarning]:
        """A message that was pushed out of the feed; nothing when it is no longer there: then it was taken back."""
        try:
            return self._message(link, context)[0]
        except SourceDataError:
            return []

    def _message(self, link: str, context: FetchContext) -> tuple[list[WeatherWarning], list[Rejection]]:
        body = self.http.get(link, deadline_s=context.deadline_monotonic_s).body
        return read_messages(decode_xml(body), self.office)


def _recognised(root: Element) -> Element:
    if local(root) not in _FEED_ROOTS | _DOCUMENT_ROOTS and not messages(root):
        raise SourceDataError("wrong_shape", f"neither a feed nor CAP: <{local(root)}>")
    return root


def _entries(root: Element) -> list[Element]:
    return find_all(root, "entry") + find_all(root, "item")


def _link(entry: Element, base: str, settings: SourceSettings) -> str:
    """Where the entry's message lies; raises RecordRejected when it can't be asked for."""
    links = [*children(entry, "link"), *children(entry, "enclosure")]
    chosen = next((link for link in links if "cap+xml" in link.get("type", "")), links[0] if links else None)
    target = (chosen.get("href") or chosen.get("url") or (chosen.text or "").strip()) if chosen is not None else ""
    if not target:
        raise RecordRejected(_name(entry), "no link")
    url = urljoin(base, target)
    if not belongs(url, settings):
        raise RecordRejected(_name(entry), "a link to another host")
    return url


def _name(entry: Element) -> str:
    return said(entry, "id", 200) or said(entry, "guid", 200) or said(entry, "title", 80) or "?"


def build(settings: SourceSettings, http: HttpClient) -> CapSource:
    """Make the source; raises OptionsError for wrong options, ValueError for an unknown zone."""
    zone(settings.timezone)
    options = read_options(CapOptions, settings)
    manifest = configured(MANIFEST, settings)
    office = Office(key=settings.key, department=settings.department, crs=manifest.crs, zone=settings.timezone)
    return CapSource(settings.key, manifest, settings, office, authenticated(http, options.auth, settings))
