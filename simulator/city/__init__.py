"""The demonstration city: everything in it that stands still."""

from simulator.city.archive import load
from simulator.city.generation import generate

__all__ = ["generate", "load"]
