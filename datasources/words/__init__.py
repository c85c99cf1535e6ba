"""What upstreams call things, onto our words: tables that several kinds of source share."""
