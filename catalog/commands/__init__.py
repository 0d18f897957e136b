"""The editors' commands, a module for those that belong together; each is only imported when it is called."""
