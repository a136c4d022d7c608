"""MiMo over HTTP: the one client, and what is asked of the service."""
