"""`/share/sta/v1.1/…`: sensors and their readings, shaped as OGC SensorThings 1.1 (18-088), read-only.

A sensor of ours is a Thing with one Location; its datastreams are Datastreams. Its kind is what SensorThings calls a
Sensor. What is not understood is refused with 400 and a sentence that says what is.
"""
