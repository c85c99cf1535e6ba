"""The outside world: the Source contract, the Coordinator, one folder per kind of upstream. No Dash, no SQL."""
