"""The doctor: everything that is wrong, in one list, and the report of it."""
