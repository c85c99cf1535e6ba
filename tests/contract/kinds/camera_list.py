"""A CSV list with snapshot addresses on its own host, relative ones too."""

from examples import Example, Pages

JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 100


def pages(rows: list[str]) -> Pages:
    lines = ["key,description,latitude,longitude,url,state", *rows]
    pictures = {f"/snap/{name}.jpg": JPEG for name in ("a", "b", "c")}
    return {"/cameras.csv": "\r\n".join(lines).encode("utf-8-sig"), **pictures}


def row(name: str, url: str = "", state: str = "") -> str:
    return f"{name},路口 {name},31.4,121.48,{url or f'/snap/{name}.jpg'},{state}"


EXAMPLE = Example(
    kind="camera_list",
    path="cameras.csv",
    options={
        "fields": {"id": "key", "name": "description", "lon": "longitude", "lat": "latitude"},
        "media": {"snapshot": "url"},
    },
    pages=pages([row("a"), row("b"), row("c")]),
    kept=3,
    malformed=pages([row("a"), row("b"), row("", "/snap/c.jpg")]),
    empty=pages([]),
    wrong={"/cameras.csv": b"a,b\r\n1,2\r\n"},
)
