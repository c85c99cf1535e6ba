"""`/media/<camera_id>/snapshot.jpg`: a camera's picture through us, never from its upstream's own address."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from callbacks.pictures import Picture, PictureCache
from callbacks.routes.collections import iso
from callbacks.services import MediaUnavailable, Services
from situation.records import Camera


def routes(services: Services, pictures: PictureCache) -> APIRouter:
    """The media route."""
    router = APIRouter(tags=["media"])

    @router.get(
        "/media/{camera_id}/snapshot.jpg",
        response_class=Response,
        responses={200: {"content": {"image/jpeg": {}}}, 404: {}, 502: {}, 503: {}, 504: {}},
    )
    async def snapshot(camera_id: str) -> Response:
        """A picture at most one second old; 502, 503 or 504 with the reason when there is none."""
        found = await services.readers.run(services.store.get, "camera", camera_id, services.scope)
        camera = found[1] if found else None
        if not isinstance(camera, Camera):
            return JSONResponse({"error": f"there is no camera {camera_id}"}, 404)
        if not camera.media:
            return JSONResponse({"error": "this camera offers no pictures"}, 404)
        try:
            picture = await pictures.picture(camera)
        except MediaUnavailable as error:
            return await _refusal(camera_id, error)
        return Response(picture.body, media_type="image/jpeg", headers=_headers(picture))

    def _headers(picture: Picture) -> dict[str, str]:
        age_s = max(0, round((services.clock.now() - picture.taken_at).total_seconds()))
        return {"cache-control": "no-store", "age": str(age_s), "x-picture-at": iso(picture.taken_at)}

    async def _refusal(camera_id: str, error: MediaUnavailable) -> Response:
        last = await pictures.last(camera_id)
        body = {"error": error.reason, "last_picture_at": iso(last.taken_at) if last else None}
        return JSONResponse(body, error.status, headers={"cache-control": "no-store"})

    return router
