"""The HTTP routes of OneScreen, one file per subject; each has `routes(services) -> APIRouter`."""
