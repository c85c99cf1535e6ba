"""A callback that fails: the browser is told so, and the log says why."""

from __future__ import annotations

import logging

import pytest

from callbacks.details import reading
from tests.web.browser_double import Client

ASKED = {
    "output": "detail-data.data",
    "outputs": {"id": "detail-data", "property": "data"},
    "inputs": [
        {"id": "page-location", "property": "pathname", "value": "/camera/any"},
        {"id": "sheet-pulse", "property": "data", "value": 1},
    ],
    "state": [{"id": "page-location", "property": "search", "value": ""}],
    "changedPropIds": ["page-location.pathname"],
}


def test_a_failed_callback_is_answered_with_500_and_logged_with_its_cause(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("a defect of ours")

    monkeypatch.setattr(reading, "find", fail)
    with caplog.at_level(logging.ERROR):
        answer = client.request("POST", "/_dash-update-component", json=ASKED)
    assert answer.status_code == 500
    assert [record.message for record in caplog.records if record.name == "callbacks.web"] == ["a callback failed"]
    assert "a defect of ours" in caplog.text
