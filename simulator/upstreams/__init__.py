"""The district's upstream systems over HTTP: one ASGI application, every instance below `/<key>/`."""
