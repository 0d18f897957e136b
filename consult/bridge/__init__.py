"""The service as a party to the media, by aiortc."""
