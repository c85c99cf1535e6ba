"""Exports: the records of a selection as a file. Each format is one module with one function `write`."""
