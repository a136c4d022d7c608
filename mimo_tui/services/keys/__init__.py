"""Keys: the slots, which cluster a key belongs to, and a new key."""
