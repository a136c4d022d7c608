"""The keys of the simulated platform, and what each is there to show. All of them are made up."""

from collections.abc import Iterator

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.simulator.call import Account

PAY_AS_YOU_GO = "sk-simulated-good-0001"
CHINA = "tp-simulated-cn-0002"
SINGAPORE = "tp-simulated-sgp-0003"
EUROPE = "tp-simulated-ams-0004"
TEAM = "ttp-simulated-team-0005"
TWO_CLUSTERS = "tp-simulated-two-0006"
REVOKED = "tp-simulated-revoked-0007"
REVOKED_PAY_AS_YOU_GO = "sk-simulated-revoked-0008"
NO_BALANCE = "sk-simulated-empty-0009"
QUOTA_USED = "tp-simulated-quota-0010"
FORBIDDEN = "sk-simulated-forbidden-0011"
WEB_SEARCH = "sk-simulated-search-0012"

SAMPLE_GOOD = "sk-fake0001"
"""Of the sample library, in the slot of most of its presets."""
SAMPLE_WRONG_CLUSTER = "tp-fake0002"
"""Of the sample library: its preset is on sgp, and the key is of cn."""
SAMPLE_UNUSED = "tp-fake0003"
"""Of the sample library: a good key of ams that no preset names."""
SAMPLE_OTHER_READING = "tp-fake0004"
"""Of the sample library: what another reader of `.env` takes for the key of cn; this one is of sgp."""
SAMPLE_REVOKED = "sk-fake0016"
"""Of the sample library: the key that lies in a preset."""

FAULTY = {
    "sk-simulated-transient-0101": "after=1; transient-401",
    "sk-simulated-busy-0102": "status=503*1",
    "sk-simulated-burst-0103": "burst=2",
    "sk-simulated-error-0104": "status=500",
    "sk-simulated-slow-0105": "delay=5",
    "sk-simulated-drip-0106": "drip=0.05",
    "sk-simulated-cut-0107": "cut=40",
    "sk-simulated-page-0108": "html",
    "sk-simulated-redirect-0109": "redirect=https://example.com/elsewhere",
    "sk-simulated-shape-0110": "wrong-json",
    "sk-simulated-broken-0111": "broken-json",
    "sk-simulated-echo-0112": "echo-key",
    "sk-simulated-reset-0113": "reset",
    "sk-simulated-hang-0114": "hang",
    "sk-simulated-moderated-0115": "error=moderation",
}
"""Keys of pay-as-you-go that meet a fault with every call, by its script."""


def accounts(catalogue: Catalogue) -> tuple[Account, ...]:
    """Give everybody who has a key of the platform. The revoked keys are those that nobody has."""
    return tuple(_accounts(_Hosts(catalogue)))


def revoked() -> tuple[str, ...]:
    """Give the keys that no host takes any more."""
    return (REVOKED, REVOKED_PAY_AS_YOU_GO, SAMPLE_REVOKED)


class _Hosts:
    """The names of hosts, by what they are for."""

    def __init__(self, catalogue: Catalogue) -> None:
        families = {family.id: family for family in catalogue.families}
        self.pay_as_you_go = frozenset(host.name for host in families["pay-as-you-go"].hosts)
        self._clusters = {host.cluster: host.name for host in families["token-plan"].hosts}

    def of(self, *clusters: str) -> frozenset[str]:
        """Give the hosts of these clusters. Raises KeyError where the catalogue knows none."""
        return frozenset(self._clusters[cluster] for cluster in clusters)


def _accounts(hosts: _Hosts) -> Iterator[Account]:
    paid = hosts.pay_as_you_go
    yield Account(PAY_AS_YOU_GO, "pay-as-you-go", paid)
    yield Account(CHINA, "Token Plan, China", hosts.of("cn"), plan=True)
    yield Account(SINGAPORE, "Token Plan, Singapore", hosts.of("sgp"), plan=True)
    yield Account(EUROPE, "Token Plan, Europe", hosts.of("ams"), plan=True)
    yield Account(TEAM, "Token Plan of a team, Singapore", hosts.of("sgp"), plan=True)
    yield Account(TWO_CLUSTERS, "Token Plan that two clusters take", hosts.of("cn", "sgp"), plan=True)
    yield Account(NO_BALANCE, "pay-as-you-go, nothing left", paid, balance=False)
    yield Account(QUOTA_USED, "Token Plan, Singapore, quota used up", hosts.of("sgp"), plan=True, quota=False)
    yield Account(FORBIDDEN, "pay-as-you-go, refused by risk control", paid, allowed=False)
    yield Account(WEB_SEARCH, "pay-as-you-go with the web search plugin", paid, web_search=True)
    yield Account(SAMPLE_GOOD, "sample library: pay-as-you-go", paid, web_search=True)
    yield Account(SAMPLE_WRONG_CLUSTER, "sample library: Token Plan, China", hosts.of("cn"), plan=True)
    yield Account(SAMPLE_UNUSED, "sample library: Token Plan, Europe", hosts.of("ams"), plan=True)
    yield Account(SAMPLE_OTHER_READING, "sample library: Token Plan, Singapore", hosts.of("sgp"), plan=True)
    for key, script in FAULTY.items():
        yield Account(key, f"pay-as-you-go, calls meet: {script}", paid, fault=script)
