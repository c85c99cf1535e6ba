"""Keeping the product's own processes alive: lifelines, the lock of a data folder, and the supervisor."""

from situation.processes.lifeline import hold_lifeline
from situation.processes.lock import AlreadyRunning, FolderLock
from situation.processes.supervisor import ChildEvent, ChildPlan, Supervisor

__all__ = ["AlreadyRunning", "ChildEvent", "ChildPlan", "FolderLock", "Supervisor", "hold_lifeline"]
