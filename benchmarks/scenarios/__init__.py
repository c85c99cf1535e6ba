"""One file for each thing that is measured: `run(bench)` gives its lines of the table."""
