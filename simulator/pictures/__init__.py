"""What cameras see, drawn on demand."""

from simulator.pictures.camera import Camera

__all__ = ["Camera"]
