"""The catalogue: from the editors' files to a published release."""
