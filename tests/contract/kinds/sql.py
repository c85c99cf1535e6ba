"""`sql` asks no HTTP server: tests/datasources/sql puts it through what real databases do."""

EXAMPLE = None
