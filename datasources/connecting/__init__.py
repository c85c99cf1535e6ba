"""Connecting a new upstream: trying configured sources once, looking at unknown ones, keeping samples of replies."""
