"""Where the consult service keeps what must outlive it."""
