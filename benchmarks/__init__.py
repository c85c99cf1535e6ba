"""How fast the wall is, measured on the real thing: `make bench`."""
