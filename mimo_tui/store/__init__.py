"""The disk: crash-safe writes, the preset library, `.env`, history."""
