"""The state of a simulated platform: who has an account, which hosts there are, what time it is, what was asked."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from difflib import get_close_matches
from threading import Lock
from typing import TYPE_CHECKING

from mimo_tui.core import catalogue as catalogues
from mimo_tui.core.catalogue import Catalogue, Model, ModelKind, Status
from mimo_tui.simulator.accounts import accounts as all_accounts
from mimo_tui.simulator.call import Account, SimulatedHost, Sleep
from mimo_tui.simulator.faults import Script, parse

if TYPE_CHECKING:
    from mimo_tui.simulator.site.contents import Site

_LOGGED = 10_000
_BEIJING = timezone(timedelta(hours=8))
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came. `auth` names the headers that carried a key, never what was in them.

    `script` is the fault that it met, in words. `status` is None until it is answered, and where it never was.
    """

    at: datetime
    method: str
    host: str
    path: str
    auth: tuple[str, ...]
    script: str = ""
    status: int | None = None


@dataclass(slots=True)
class _Rule:
    """A script for requests to a host and path (empty: any), `left` more times (None: for good)."""

    script: Script
    text: str
    host: str
    path: str
    left: int | None
    met: int = 0


class Platform:
    """A simulated platform. Every method may be called from any thread.

    `at` is its time at the start (default: now); from then on its clock runs as `clock` does. `sleep` makes its
    pauses. `tokens_per_second` is how fast its streams come, 0 as fast as they can. `rate_limited`: the requests a
    minute of the catalogue are counted. `site` are its pages, None the shipped ones.
    """

    def __init__(
        self,
        catalogue: Catalogue | None = None,
        *,
        accounts: Iterable[Account] | None = None,
        at: datetime | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Sleep = asyncio.sleep,
        tokens_per_second: float = 0.0,
        rate_limited: bool = True,
        site: "Site | None" = None,
    ) -> None:
        self.catalogue = catalogue or catalogues.load()
        self.sleep = sleep
        self.tokens_per_second = tokens_per_second
        self._rate_limited = rate_limited
        self._clock = clock
        self._ahead = timedelta(0)
        self._lock = Lock()
        self.site = site
        self._accounts = {one.key: one for one in (accounts or all_accounts(self.catalogue))}
        self._hosts = {
            host.name: SimulatedHost(host.name, host.cluster, family.plan)
            for family in self.catalogue.families
            for host in family.hosts
        }
        self._rules: list[_Rule] = []
        self._met: dict[tuple[str, ...], int] = {}
        self._seen: deque[Seen] = deque(maxlen=_LOGGED)
        self._arrived = 0
        self._calls: dict[tuple[str, str], deque[datetime]] = {}
        if at is not None:
            self.set_time(at)

    # The clock.

    def now(self) -> datetime:
        """Give the platform's time."""
        return self._clock() + self._ahead

    def set_time(self, at: datetime) -> None:
        """Make it that time, in Beijing where `at` names no zone: that is how the platform announces things.

        Raises OverflowError where no clock shows it.
        """
        at = at if at.tzinfo is not None else at.replace(tzinfo=_BEIJING)
        clock = self._clock()
        ahead = at - clock
        _ = clock + ahead  # overflows here, not with the next request
        self._ahead = ahead

    def advance(self, seconds: float) -> None:
        """Let time pass at once. Raises ValueError and OverflowError where no time is that far."""
        self.set_time(self.now() + timedelta(seconds=seconds))

    # Who and where.

    @property
    def accounts(self) -> tuple[Account, ...]:
        """All accounts."""
        with self._lock:
            return tuple(self._accounts.values())

    def account(self, key: str) -> Account | None:
        """Give whose key this is; None: nobody's."""
        with self._lock:
            return self._accounts.get(key)

    def put_account(self, account: Account) -> None:
        """Add an account, or change the one with that key."""
        with self._lock:
            self._accounts[account.key] = account

    def revoke(self, key: str) -> None:
        """Let no host take the key any more."""
        with self._lock:
            self._accounts.pop(key, None)

    @property
    def hosts(self) -> tuple[SimulatedHost, ...]:
        """All hosts of the API."""
        with self._lock:
            return tuple(self._hosts.values())

    def host(self, name: str) -> SimulatedHost | None:
        """Give the host of the API of that name."""
        with self._lock:
            return self._hosts.get(name)

    def put_host(self, host: SimulatedHost) -> None:
        """Change a host, or add one; the catalogue tells the paths of one that is not of its own."""
        with self._lock:
            self._hosts[host.name] = host

    # Models.

    def models(self, host: SimulatedHost) -> tuple[Model, ...]:
        """Give what the host offers now: every id that lives, without those that plans do not get.

        A model that no surface is known of was a limited beta, which no list that was seen had (`mimo-api.md` §11.3).
        """
        at = self.now()
        living = [
            model
            for model in self.catalogue.models
            if self.catalogue.status(model.id, at) in (Status.CURRENT, Status.RETIRING)
            and model.wires
            and not (host.plan and model.token_plan is not None and not model.token_plan.value)
        ]
        extra = (self._like(name) for name in host.extra if all(model.id != name for model in living))
        return tuple(model for model in (*living, *extra) if model.id not in host.missing)

    def _like(self, model_id: str) -> Model:
        """Make a model that the catalogue does not know, of the kind that its id is closest to."""
        known = self.catalogue.model(model_id)
        if known is not None:
            return known
        close = get_close_matches(model_id, [model.id for model in self.catalogue.models], n=1, cutoff=0.4)
        like = self.catalogue.model(close[0]) if close else None
        if like is None:
            like = next(one for one in self.catalogue.models if one.kind.value is ModelKind.CHAT)
        return replace(like, id=model_id, released=None, forwarded=None, retired=None, successor=None)

    def within_rate(self, account: Account, model: Model) -> bool:
        """Count a call, and tell whether it is within the requests a minute of this account and model."""
        if not self._rate_limited or model.rpm is None:
            return True
        at = self.now()
        with self._lock:
            calls = self._calls.setdefault((account.key, model.id), deque())
            while calls and not at - _MINUTE < calls[0] <= at:
                calls.popleft()
            if len(calls) >= model.rpm.value:
                return False
            calls.append(at)
        return True

    # Faults.

    def put_fault(
        self, script: str, *, host: str = "", path: str = "", times: int | None = None, always: bool = False
    ) -> None:
        """Let the next requests meet a script; empty `host` and `path` mean any. Raises ScriptError.

        Without `times` as many as the script fails, else one; `always` until `clear_faults`.
        """
        parsed = parse(script)
        left = None if always else times or parsed.after + (parsed.times or 1)
        with self._lock:
            self._rules.append(_Rule(parsed, script, host, path, left))

    @property
    def waiting_faults(self) -> tuple[tuple[str, str, str, int | None], ...]:
        """Give the faults that were put and are still to come: script, host, path, how often (None: always)."""
        with self._lock:
            return tuple((rule.text, rule.host, rule.path, rule.left) for rule in self._rules)

    def clear_faults(self) -> None:
        """Forget every fault that was put, and how often others were met."""
        with self._lock:
            self._rules.clear()
            self._met.clear()

    def meet(self, host: str, path: str, asked: str, account: Account | None) -> tuple[Script, str]:
        """Give what this request meets, and its words: what was put, else what it asks for, else its account's.

        Raises ScriptError where `asked` is no script.
        """
        with self._lock:
            for rule in self._rules:
                if rule.host in ("", host) and rule.path in ("", path):
                    script = rule.script.at(rule.met)
                    rule.met += 1
                    if rule.left is not None:
                        rule.left -= 1
                        if rule.left <= 0:
                            self._rules.remove(rule)
                    return script, rule.text
            text = asked or (account.fault if account else "")
            if not text:
                return Script(), ""
            who = (text, host, path, account.key if account else "")
            count = self._met.get(who, 0)
            script = parse(text).at(count)
            self._met[who] = count + 1
            return script, text

    # What was asked.

    def arrived(self, seen: Seen) -> int:
        """Note a request, and give its number for `answered`."""
        with self._lock:
            self._seen.append(seen)
            self._arrived += 1
            return self._arrived - 1

    def answered(self, number: int, status: int) -> None:
        """Note what a request was answered with."""
        with self._lock:
            place = number - (self._arrived - len(self._seen))
            if place >= 0:
                self._seen[place] = replace(self._seen[place], status=status)

    @property
    def log(self) -> tuple[Seen, ...]:
        """The requests that came, oldest first."""
        with self._lock:
            return tuple(self._seen)

    def clear_log(self) -> None:
        """Forget the requests that came."""
        with self._lock:
            self._seen.clear()
