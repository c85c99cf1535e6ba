"""What the city is like now and was: records, store, change log, feed. Imports no Dash and no HTTP client."""
