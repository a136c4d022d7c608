"""How many requests went out in the last minute, by host and model: what the service's limits are about."""

from collections import deque
from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)
_MOST = 10_000


class RecentRequests:
    """Counts requests of this run; other programs of the same account are not among them."""

    def __init__(self) -> None:
        self._moments: dict[tuple[str, str], deque[datetime]] = {}

    def count(self, host: str, model: str, at: datetime, attempts: int = 1) -> int:
        """Note a request, with its retries, and give how many there were in the minute up to it."""
        moments = self._moments.setdefault((host, model), deque(maxlen=_MOST))
        while moments and moments[0] <= at - _MINUTE:
            moments.popleft()
        moments.extend([at] * min(attempts, _MOST))
        return len(moments)
