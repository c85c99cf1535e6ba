"""Wiring: the web application, its routes, and the callbacks of interaction."""
