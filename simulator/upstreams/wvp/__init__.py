"""Cameras by WVP-GB28181-pro: login, devices, channels, snapshots, playing, alarms."""

from simulator.upstreams.wvp.routes import routes

__all__ = ["routes"]
