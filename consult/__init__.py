"""The consult service: a station calls its street centre by live video about one item."""
