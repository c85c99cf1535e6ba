"""Asking a WVP platform: credentials, the envelope every reply is in, and pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from datasources.contract import SourceAuthFailed, SourceDataError, SourceSettings, SourceUnavailable
from datasources.document import address
from datasources.fields import text
from datasources.http import HttpClient
from datasources.media.token import Asked
from datasources.secrets import reveal

MOST_PAGES = 200
TOKEN_LASTS_S = 1800.0
_OK = 0
_REFUSALS = frozenset({401, 403})
_NO_ANSWER = frozenset({408, 486, 500})


@dataclass(frozen=True, slots=True)
class WvpClient:
    """One platform. `page_size` rows are asked for at once."""

    settings: SourceSettings
    http: HttpClient
    page_size: int = 2000

    def credentials(self, deadline_s: float) -> dict[str, str]:
        """The headers of a request: the API key, or a token from a fresh login (it lives only thirty minutes)."""
        return self.with_key() or with_token(self.login(deadline_s)[0])

    def with_key(self) -> dict[str, str]:
        """The header of the API key; none without one."""
        key = reveal(self.settings.options.get("api_key"))
        return {"api-key": key} if key else {}

    def login(self, deadline_s: float) -> Asked:
        """A token, "" where there is no user; raises SourceAuthFailed."""
        name = reveal(self.settings.options.get("username"))
        if not name:
            return "", TOKEN_LASTS_S
        # WVP wants the MD5 of the password; nothing of ours is protected by it
        digest = hashlib.md5(reveal(self.settings.options.get("password")).encode(), usedforsecurity=False)
        reply = self.http.get(
            address(self.settings, "api/user/login"),
            params={"username": name, "password": digest.hexdigest()},
            deadline_s=deadline_s,
        )
        document = reply.json()
        data = document.get("data") if isinstance(document, dict) else None
        token = text(data, "accessToken") if isinstance(data, dict) else ""
        if not token:
            raise SourceAuthFailed("auth_failed:login", "the platform gave no token")
        return token, TOKEN_LASTS_S

    def rows(
        self, path: str, headers: Mapping[str, str], deadline_s: float, params: Mapping[str, Any] | None = None
    ) -> Iterator[Any]:
        """The rows of all pages of a list, one page in memory at a time."""
        count = 0
        for page in range(1, MOST_PAGES + 1):
            query = {**(params or {}), "page": page, "count": self.page_size}
            data = self.data(path, headers, deadline_s, query)
            rows = data.get("list") if isinstance(data, dict) else None
            if not isinstance(rows, list):
                raise SourceDataError("wrong_shape", f"{path}: no list")
            yield from rows
            count += len(rows)
            total = data.get("total")
            is_last = count >= total if isinstance(total, int) else len(rows) < self.page_size
            if not rows or is_last:
                return

    def data(self, path: str, headers: Mapping[str, str], deadline_s: float, params: Mapping[str, Any]) -> Any:
        """The `data` of a reply; raises what its `code` means."""
        document = self.http.get(
            address(self.settings, path), params=params, headers=headers, deadline_s=deadline_s
        ).json()
        if not isinstance(document, dict) or "code" not in document:
            raise SourceDataError("wrong_shape", f"{path}: no envelope")
        code = document["code"]
        if not isinstance(code, (int, str)):
            raise SourceDataError("wrong_shape", f"{path}: a code that is none")
        if code == _OK:
            return document.get("data")
        if code in _REFUSALS:
            raise SourceAuthFailed(f"auth_failed:{code}", f"{path}: code {code}")
        shown = f"upstream_code:{text(document, 'code', limit=20)}"
        if code in _NO_ANSWER:
            raise SourceUnavailable(shown, f"{path}: {text(document, 'msg', limit=200)}")
        raise SourceDataError(shown, f"{path}: {text(document, 'msg', limit=200)}")


def with_token(token: str) -> dict[str, str]:
    """The header of a token; none without one."""
    return {"access-token": token} if token else {}
