"""Detail pages: an address names a record, its page lies over the scene; going back closes it."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State

from callbacks.details.reading import read_page
from callbacks.services import Services
from layouts import ids


def register(app: Dash, services: Services) -> None:
    """Wire the page to the address. It is read anew every few seconds while it is open (`ids.SHEET_PULSE`)."""

    @app.callback(
        Output(ids.DETAIL, "data"),
        Input(ids.LOCATION, "pathname"),
        Input(ids.SHEET_PULSE, "data"),
        State(ids.LOCATION, "search"),
    )
    async def on_address(pathname: str | None, _pulse: Any, search: str | None) -> dict[str, Any]:
        return await read_page(services, pathname or "/", search or "")

    show: Any = app.clientside_callback  # untyped in Dash
    show(ClientsideFunction("detail", "show"), Input(ids.DETAIL, "data"))
