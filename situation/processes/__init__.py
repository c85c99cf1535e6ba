"""Keeping the product's own processes alive: settling a start, the lock of a data folder, lifelines, the supervisor."""

from situation.processes.lifeline import hold_lifeline
from situation.processes.lock import AlreadyRunning, FolderLock
from situation.processes.plans import child_plans
from situation.processes.start import Start, StartOptions, open_store, prepared, store_url, supervise
from situation.processes.supervisor import ChildEvent, ChildPlan, Supervisor
from situation.processes.wall import ExitCode, Report, StartError, free_port

__all__ = [
    "AlreadyRunning",
    "ChildEvent",
    "ChildPlan",
    "ExitCode",
    "FolderLock",
    "Report",
    "Start",
    "StartError",
    "StartOptions",
    "Supervisor",
    "child_plans",
    "free_port",
    "hold_lifeline",
    "open_store",
    "prepared",
    "store_url",
    "supervise",
]
