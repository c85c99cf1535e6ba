"""The HTML around the Dash app: no inline script, no outside address, the snapshot asked for before anything else."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from types import MappingProxyType

from layouts.options import PageOptions
from layouts.text import HTML_LANGUAGES, LANGUAGES, catalogue
from layouts.theme import TOKENS

PAGE_DATA_ID = "onescreen-page"

_SHELL = """<!DOCTYPE html>
<html lang="{html_language}" data-feed="lost" data-frame-at="" data-seq="">
    <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="dark">
        <meta name="theme-color" content="{surface}">
        <link rel="preload" href="/api/snapshot" as="fetch" crossorigin="anonymous">
        <link rel="preload" href="/_dash-layout" as="fetch" crossorigin="anonymous">
        <link rel="preload" href="/_dash-dependencies" as="fetch" crossorigin="anonymous">
        {{%metas%}}
        <title>{{%title%}}</title>
        {{%favicon%}}
        {{%css%}}
        {start_css}
    </head>
    <body>
        <span class="font-samples" aria-hidden="true">{font_samples}</span>
        <script type="application/json" id="{page_data_id}">{page_data}</script>
        {{%app_entry%}}
        <footer>
            {{%config%}}
            {{%scripts%}}
            {start_js}
            {{%renderer%}}
        </footer>
    </body>
</html>
"""

_TAGS = {"js": '<script src="{url}"></script>', "css": '<link rel="stylesheet" href="{url}">'}


def page_data(options: PageOptions) -> dict[str, object]:
    """What `assets/00-page.js` makes into `onescreen.settings` and `onescreen.text`."""
    return {
        "settings": {
            "language": options.language,
            "timezone": options.timezone,
            "speed": options.speed,
            "ontime_target": options.ontime_target,
            "release": options.release,
            "titles": options.titles(),
            **options.extra,
        },
        "texts": {language: catalogue(language) for language in LANGUAGES},
    }


def script_json(value: object) -> str:
    """JSON that is safe inside a script element: nothing in it can end the element or start a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def index_string(options: PageOptions, start: Mapping[str, str] = MappingProxyType({}), font_samples: str = "") -> str:
    """Dash's `index_string` for every page; the language of an address (`?lang=`) is applied by the browser.

    `start`: addresses of the script (js) and style sheet (css) every page begins with, unless Dash adds them itself.
    `font_samples`: a character of each slice of the font that every page needs, so that all are asked for at once.
    """
    data = script_json(page_data(options))
    shell = _SHELL.format(
        html_language=html.escape(HTML_LANGUAGES[options.language], quote=True),
        surface=TOKENS["surface-0"],
        page_data_id=PAGE_DATA_ID,
        page_data="@page-data@",
        font_samples=html.escape(font_samples),
        **{f"start_{kind}": tag.format(url=start[kind]) if kind in start else "" for kind, tag in _TAGS.items()},
    )
    return shell.replace("@page-data@", data.replace("{%", "{\\u0025"))
