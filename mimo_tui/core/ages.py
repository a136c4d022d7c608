"""How long ago something was, in words."""

from datetime import datetime


def age(at: datetime, now: datetime) -> str:
    """Say how long ago that was: `now`, `5 min ago`, `3 h ago`, then the day."""
    seconds = (now - at).total_seconds()
    if seconds < 60:
        return "now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    if seconds < 86400:
        return f"{int(seconds // 3600)} h ago"
    return f"{at.astimezone():%Y-%m-%d}"
