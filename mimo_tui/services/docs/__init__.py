"""The documentation: fetched, read, searched and compared with what it was."""
