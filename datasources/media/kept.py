"""How the cameras of each source are looked at, kept from one look to the next: some keep a login."""

from __future__ import annotations

import threading
from collections.abc import Callable

from datasources.contract import SourceAuthFailed, SourceDataError, SourceError, SourceSettings
from datasources.http import HttpClient
from datasources.media.offer import CameraMedia
from datasources.media.snapshot import media_of, picture
from situation.media import MediaUnavailable


class KeptMedia:
    """The media of all sources. `configured` gives the settings of a source, None when there are none any more.

    May be used by several threads.
    """

    def __init__(self, configured: Callable[[str], SourceSettings | None], http: HttpClient) -> None:
        self._configured = configured
        self._http = http
        self._kept: dict[str, tuple[SourceSettings, CameraMedia]] = {}
        self._lock = threading.Lock()

    def of(self, source: str) -> CameraMedia | None:
        """How the cameras of a source are looked at; None when it has none."""
        settings = self._configured(source)
        if settings is None:
            return None
        with self._lock:
            kept = self._kept.get(source)
            if kept is not None and kept[0] is settings:
                return kept[1]
            try:
                media = media_of(settings, self._http)
            except SourceDataError:
                return None
            self._kept[source] = (settings, media)
            return media

    def snapshot(self, source: str, media: str, timeout_s: float) -> bytes:
        """A JPEG within `timeout_s` real seconds; raises MediaUnavailable with a text that may be shown."""
        if self._configured(source) is None:
            raise MediaUnavailable(502, "the camera's platform is no longer configured")
        try:
            return self.picture(source, media, timeout_s)
        except SourceAuthFailed as error:
            raise MediaUnavailable(502, error.safe_text) from error
        except SourceError as error:
            raise MediaUnavailable(504, error.safe_text) from error

    def picture(self, source: str, media_ref: str, timeout_s: float) -> bytes:
        """A JPEG within `timeout_s` real seconds; raises SourceError. A login that is refused is made anew once."""
        deadline_s = self._http.clock.monotonic() + timeout_s
        try:
            return self._picture(source, media_ref, deadline_s)
        except SourceAuthFailed:
            with self._lock:
                self._kept.pop(source, None)
            return self._picture(source, media_ref, deadline_s)

    def _picture(self, source: str, media_ref: str, deadline_s: float) -> bytes:
        media = self.of(source)
        if media is None:
            raise SourceDataError("no_picture", f"source {source} has no pictures")
        return picture(media, self._http, media_ref, deadline_s)
