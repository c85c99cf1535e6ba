"""Pictures of cameras: what can be told from them besides what they show. Nothing is fetched here."""

from situation.pictures.book import Finding, PictureBook
from situation.pictures.judging import Evidence, Verdict, is_judged, judged, seen_again
from situation.pictures.looking import Look, look_at, look_at_pixels

__all__ = [
    "Evidence",
    "Finding",
    "Look",
    "PictureBook",
    "Verdict",
    "is_judged",
    "judged",
    "look_at",
    "look_at_pixels",
    "seen_again",
]
