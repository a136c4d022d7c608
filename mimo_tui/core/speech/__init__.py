"""Sound and spoken text: samples and their level, splitting and joining, requests, differences. Pure."""
