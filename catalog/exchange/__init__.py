"""The catalogue in the formats in which others read it."""
