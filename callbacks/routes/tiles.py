"""`/tiles/{z}/{x}/{y}`: the tiles of a PMTiles or MBTiles file named in the settings."""

from __future__ import annotations

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse, Response

from callbacks.archives import ArchiveError, TileArchive
from callbacks.services import ReaderPool

CACHE = "public, max-age=86400"
DEEPEST = 22


def routes(archive: TileArchive | None, readers: ReaderPool) -> APIRouter:
    """The tile route; without an archive it says so."""
    router = APIRouter(tags=["map"])

    @router.get("/tiles/{z}/{x}/{y}", response_class=Response)
    async def tile(x: int, y: int, z: int = Path(ge=0, le=DEEPEST)) -> Response:
        """One tile (XYZ rows); 204 where the archive has none."""
        if archive is None:
            return JSONResponse({"error": "no tile archive is configured"}, 404)
        if not (0 <= x < 1 << z and 0 <= y < 1 << z):
            return JSONResponse({"error": f"zoom {z} has no tile {x}/{y}"}, 404)
        try:
            found = await readers.run(archive.tile, z, x, y)
        except ArchiveError as error:
            return JSONResponse({"error": str(error)}, 500)
        if found is None:
            return Response(status_code=204, headers={"cache-control": CACHE})
        headers = {"cache-control": CACHE}
        if found.encoding:
            headers["content-encoding"] = found.encoding
        return Response(found.body, media_type=found.media_type, headers=headers)

    return router
