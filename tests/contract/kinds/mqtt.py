"""Not asked over HTTP: `test_push_sources.py` puts it through what brokers do, `datasources/test_mqtt.py` the rest."""

EXAMPLE = None
