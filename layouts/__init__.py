"""Pure functions from data to Dash components: ids, texts, theme, panels, pages. No I/O, no time, no context."""
