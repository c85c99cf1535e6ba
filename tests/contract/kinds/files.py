"""`files` asks no HTTP server: tests/datasources/files puts it through what folders and SFTP servers do."""

EXAMPLE = None
