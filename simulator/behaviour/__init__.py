"""How the demonstration city behaves: pure functions of a city, a schedule and a time."""

from simulator.behaviour.behaviour import Behaviour
from simulator.behaviour.schedule import default_schedule

__all__ = ["Behaviour", "default_schedule"]
