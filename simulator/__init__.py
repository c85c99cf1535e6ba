"""A demonstration district that speaks the real protocols over HTTP. Imports nothing of the product."""
