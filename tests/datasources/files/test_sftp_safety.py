"""An SFTP server must prove itself, is given no more than its due, and can't keep us waiting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sftp_server
from pace import is_quick
from sftp_server import PASSWORD, USER, Server

from datasources.contract import SourceAuthFailed, SourceDataError, SourceError, SourceUnavailable
from situation.clock import CityClock
from situation.settings import Secret
from tests.datasources.files.conftest import Place
from tests.datasources.files.test_file_drops import HEAD, ONE, fetch, ids, settled, source


def login(server: Server, **given: Any) -> dict[str, Any]:
    """The options of a source that reads from the server."""
    options: dict[str, Any] = {"host": "127.0.0.1", "port": server.port, "user": USER, "password": Secret(PASSWORD)}
    return {"folder": "/drop", "sftp": {**options, "fingerprint": server.key.fingerprint, **given}}


def refused(server: Server, seconds: float = 20.0, **given: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetch(source(Place(server.folder, login(server, **given))), seconds=seconds)
    assert PASSWORD not in f"{caught.value!r} {caught.value.safe_text}"
    return caught.value


def test_another_server_under_its_name_is_refused_before_it_hears_the_password(sftp: Server) -> None:
    error = refused(sftp, fingerprint=sftp_server.new_key().fingerprint)
    assert isinstance(error, SourceUnavailable)
    assert error.safe_text == "host_key"
    assert not any(transport.is_authenticated() for transport in sftp.transports)


def known_hosts(path: Path, server: Server, key: Any) -> str:
    path.write_text(f"[127.0.0.1]:{server.port} {key.get_name()} {key.get_base64()}\n")
    return str(path)


def test_a_key_in_known_hosts_is_believed_and_no_other(sftp: Server, tmp_path: Path) -> None:
    (sftp.folder / "a.csv").write_text(HEAD + ONE)
    right = known_hosts(tmp_path / "right", sftp, sftp.key)
    wrong = known_hosts(tmp_path / "wrong", sftp, sftp_server.new_key())
    empty = tmp_path / "empty"
    empty.write_text("")
    assert ids(settled(source(Place(sftp.folder, login(sftp, fingerprint="", known_hosts=right))))) == ["1"]
    assert refused(sftp, fingerprint="", known_hosts=wrong).safe_text == "host_key"
    assert refused(sftp, fingerprint="", known_hosts=str(empty)).safe_text == "host_key"


def test_a_private_key_opens_it_and_another_does_not(sftp: Server, tmp_path: Path) -> None:
    (sftp.folder / "a.csv").write_text(HEAD + ONE)
    mine = sftp_server.new_key()
    mine.write_private_key_file(str(tmp_path / "mine"), password="satz-1")
    sftp.allowed_key = mine
    options = {"password": None, "key_file": str(tmp_path / "mine"), "passphrase": Secret("satz-1")}
    assert ids(settled(source(Place(sftp.folder, login(sftp, **options))))) == ["1"]
    sftp.allowed_key = sftp_server.new_key()
    assert refused(sftp, **options).safe_text == "auth_failed:login"
    wrong = refused(sftp, **{**options, "passphrase": Secret("satz-2")})
    assert wrong.safe_text == "auth_failed:key"
    assert "satz" not in f"{wrong!r} {wrong.safe_text}"
    assert refused(sftp, **{**options, "key_file": str(tmp_path / "nowhere")}).safe_text == "auth_failed:key"


def test_a_wrong_password_is_an_auth_failure(sftp: Server) -> None:
    error = refused(sftp, password=Secret("wrong-word"))
    assert isinstance(error, SourceAuthFailed)
    assert error.safe_text == "auth_failed:login"
    assert "wrong-word" not in repr(error)


def test_a_folder_that_may_not_be_read_is_an_auth_failure(sftp: Server) -> None:
    sftp.refuses = True
    error = refused(sftp)
    assert isinstance(error, SourceAuthFailed)
    assert error.safe_text == "auth_failed:folder"


def test_a_name_that_leads_out_of_the_folder_is_refused(sftp: Server) -> None:
    sftp.lies.append("../secret.csv")
    error = refused(sftp)
    assert isinstance(error, SourceDataError)
    assert error.safe_text == "wrong_shape"


def test_a_server_that_says_nothing_is_left_at_the_deadline(sftp: Server) -> None:
    sftp.is_silent = True
    clock = CityClock()
    started_s = clock.monotonic()
    error = refused(sftp, seconds=0.5)
    assert isinstance(error, SourceUnavailable)
    assert error.safe_text == "timeout"
    assert is_quick(clock.monotonic() - started_s, 20)


def test_a_server_that_stops_in_the_middle_is_left_at_the_deadline(sftp: Server) -> None:
    (sftp.folder / "a.csv").write_text(HEAD + ONE)
    of = source(Place(sftp.folder, login(sftp)))
    cursor = fetch(of).cursor
    sftp.is_stuck = True
    with pytest.raises(SourceUnavailable) as caught:
        fetch(of, cursor, seconds=1.5)
    assert caught.value.safe_text == "timeout"


def test_connections_and_refusals_are_not_told_to_the_log(sftp: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    source_of = source(Place(sftp.folder, login(sftp)))
    fetch(source_of)
    refused(sftp, password=Secret("wrong-word"))
    assert [told.name for told in caplog.records if told.name.startswith("datasources")] == []


def test_no_server_is_unreachable(sftp: Server) -> None:
    error = refused(sftp, port=1)
    assert isinstance(error, SourceUnavailable)
    assert error.safe_text == "unreachable"
