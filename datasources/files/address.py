"""Where a drop is: as its options say, or as the `url` of its source does (`file:///srv/drop`, `sftp://user@host/drop`)."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import unquote, urlsplit

from datasources.contract import SourceSettings
from datasources.files.options import DropOptions
from datasources.options import OptionProblem, OptionsError

AnyDrop = TypeVar("AnyDrop", bound=DropOptions)


def located(options: AnyDrop, settings: SourceSettings) -> AnyDrop:
    """The options with what the address says put in; raises OptionsError for a drop that is only half said."""
    parts = urlsplit(settings.url)
    if parts.scheme not in ("file", "sftp"):
        return _checked(options, settings)
    folder = options.folder or unquote(parts.path)
    if parts.scheme == "file":
        return _checked(options.model_copy(update={"folder": folder}), settings)
    if options.sftp is None:
        raise _missing(settings, "sftp", "is missing: the password or key, and how its server is known, belong there")
    told = {
        "host": options.sftp.host or parts.hostname or "",
        "port": parts.port or options.sftp.port,
        "user": options.sftp.user or unquote(parts.username or ""),
    }
    sftp = options.sftp.model_copy(update=told)
    return _checked(options.model_copy(update={"folder": folder, "sftp": sftp}), settings)


def _checked(options: AnyDrop, settings: SourceSettings) -> AnyDrop:
    if options.sftp is None:
        return options
    for name in ("host", "user"):
        if not getattr(options.sftp, name):
            raise _missing(settings, "sftp", f"has no {name}, nor has url")
    if not options.folder:
        raise _missing(settings, "folder", "is missing")
    return options


def _missing(settings: SourceSettings, option: str, allowed: str) -> OptionsError:
    return OptionsError(settings.key, (OptionProblem(("options", option), "", allowed),))


def require_folder(options: DropOptions, settings: SourceSettings) -> None:
    """Raises OptionsError where neither options nor address name a folder."""
    if not options.folder:
        raise _missing(settings, "folder", "is missing, and url is no file:// or sftp:// address")
