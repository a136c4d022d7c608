"""Promise 19: every answer of every host gives the verdict that it should, and no 4xx is ever called good."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from mimo_tui.core import catalogue
from mimo_tui.core.catalogue import Family, Host, KeyKind
from mimo_tui.core.exchange import Exchange, Failure, read_error
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import clean, clean_lines
from mimo_tui.core.verdict import Label, Probe, Reading, Verdict, judge, meaning, read
from mimo_tui.services import Services
from mimo_tui.services.keys.checking import check_key, family_of
from mimo_tui.services.keys.listing import find_slot, list_keys
from mimo_tui.services.keys.setting import apply_key, plan_key
from mimo_tui.simulator import accounts
from mimo_tui.simulator.server import Served

Reached = Callable[[str, str], None]

CATALOGUE = catalogue.load()
FAMILIES = {family.id: family for family in CATALOGUE.families}
KINDS = {kind.prefix: kind for kind in CATALOGUE.key_kinds}
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MODELS = ("mimo-v2.6-pro", "mimo-v2.6-flash")

# What the host named in the column answers, while all others of its family answer 401. Written by hand.
TABLE = """
answer        reading                        pay-as-you-go  cn            sgp           ams           other
200           accepts the key                belongs        belongs       belongs       belongs       belongs
401           refuses the key                revoked        revoked       revoked       revoked       revoked
402           knows the account: no balance  undetermined   undetermined  undetermined  undetermined  undetermined
403           forbids this place or account  undetermined   undetermined  undetermined  undetermined  undetermined
404           has no model list              undetermined   undetermined  undetermined  undetermined  undetermined
421           moderation answered            undetermined   undetermined  undetermined  undetermined  undetermined
429           rate or quota limit            undetermined   undetermined  undetermined  undetermined  undetermined
500           server error                   undetermined   undetermined  undetermined  undetermined  undetermined
503           server error                   undetermined   undetermined  undetermined  undetermined  undetermined
time-out      no answer                      undetermined   undetermined  undetermined  undetermined  undetermined
dns           no answer                      undetermined   undetermined  undetermined  undetermined  undetermined
tls           no answer                      undetermined   undetermined  undetermined  undetermined  undetermined
reset         no answer                      undetermined   undetermined  undetermined  undetermined  undetermined
html          not an answer of the API       undetermined   undetermined  undetermined  undetermined  undetermined
redirect      not an answer of the API       undetermined   undetermined  undetermined  undetermined  undetermined
wrong-json    not an answer of the API       undetermined   undetermined  undetermined  undetermined  undetermined
html-401      not an answer of the API       undetermined   undetermined  undetermined  undetermined  undetermined
proxy-401     not an answer of the API       undetermined   undetermined  undetermined  undetermined  undetermined
empty-list    not an answer of the API       undetermined   undetermined  undetermined  undetermined  undetermined
cut-list      no answer                      undetermined   undetermined  undetermined  undetermined  undetermined
"""
OUTCOMES = (
    *("200", "401", "402", "403", "404", "421", "429", "500", "503"),
    *("time-out", "dns", "tls", "reset", "html", "redirect", "wrong-json"),
)
LABELS = {"belongs": Label.BELONGS, "revoked": Label.REVOKED, "undetermined": Label.UNDETERMINED}
COLUMNS = {
    "pay-as-you-go": ("pay-as-you-go", "sk-", ""),
    "cn": ("token-plan", "tp-", "cn"),
    "sgp": ("token-plan", "tp-", "sgp"),
    "ams": ("token-plan", "ttp-", "ams"),
    "other": ("opencode-go", "", ""),
}


def rows() -> Mapping[str, list[str]]:
    """Give each line of the table: the answer, then its reading, then the label of each column."""
    lines = (line for line in TABLE.strip().splitlines()[1:])
    cells = [[cell for cell in line.split("  ") if cell.strip()] for line in lines]
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in cells}


def exchange(host: Host, outcome: str) -> tuple[Exchange, tuple[str, ...] | None]:
    """Give what is known when that host answered so, and the models that it listed."""
    found = Exchange("GET", clean(f"https://{host.name}/v1/models"), clean(host.name), AT, 0.2)
    failures = {
        "time-out": Failure.TIME_OUT,
        "dns": Failure.DNS,
        "tls": Failure.TLS,
        "reset": Failure.RESET,
    }
    listed = json.dumps({"object": "list", "data": [{"id": model} for model in MODELS]})
    page = "<!DOCTYPE html><html><body>Sign in to this network</body></html>"
    if outcome in failures:
        return replace(found, failure=failures[outcome], reason=clean("as the system says")), None
    match outcome:
        case "200":
            return answered(found, 200, listed), MODELS
        case "cut-list":
            return replace(answered(found, 200, listed[:20]), failure=Failure.RESET), None
        case "empty-list":
            return answered(found, 200, '{"object":"list","data":[]}'), ()
        case "html":
            return answered(found, 200, page, "text/html; charset=utf-8"), None
        case "html-401":
            return answered(found, 401, page, "text/html"), None
        case "proxy-401":
            return answered(found, 401, '{"error": "Proxy authentication required"}'), None
        case "redirect":
            location = clean("https://login.example.com/")
            return replace(answered(found, 302, "", "text/plain"), location=location), None
        case "wrong-json":
            return answered(found, 200, '{"hello": "world"}'), None
        case _:
            error = {"code": outcome, "message": "No", "param": "", "type": ""}
            return answered(found, int(outcome), json.dumps({"error": error})), None


def answered(found: Exchange, status: int, body: str, content_type: str = "application/json") -> Exchange:
    return replace(
        found,
        status=status,
        body=clean_lines(body),
        content_type=clean(content_type),
        error=read_error(body),
    )


def probe(host: Host, outcome: str) -> Probe:
    found, models = exchange(host, outcome)
    reading = read(found, models)
    listed = tuple(clean(model) for model in models or ())
    return Probe(
        host, f"https://{host.name}/v1", found, reading, meaning(host, found, reading, listed), listed
    )


def verdict_of(
    family: Family, kind: KeyKind | None, outcomes: Mapping[str, str]
) -> tuple[Verdict, list[Probe]]:
    """Judge a family of which each host answered as `outcomes` says by its cluster."""
    probes = [probe(host, outcomes[host.cluster]) for host in family.hosts]
    return judge(kind, family, probes, console="https://console.example/plan"), probes


def test_every_answer_of_every_host_gives_the_label_of_the_table(reached: Reached) -> None:
    count = 0
    for outcome, (reading, *labels) in rows().items():
        for (column, (family_id, prefix, cluster)), label in zip(COLUMNS.items(), labels, strict=True):
            family = FAMILIES[family_id]
            answers = {host.cluster: "401" for host in family.hosts} | {cluster: outcome}
            verdict, probes = verdict_of(family, KINDS.get(prefix), answers)
            asked = next(probe for probe in probes if probe.host.cluster == cluster)
            assert asked.reading == reading, (outcome, column)
            assert verdict.label is LABELS[label], (outcome, column)
            assert (verdict.host is not None) == (label == "belongs")
            if verdict.host is not None:
                assert verdict.host.cluster == cluster
            assert verdict.title
            assert verdict.remedy
            assert asked.meaning in verdict.grounds
            count += 1
    assert set(OUTCOMES) <= set(rows())
    reached("19", f"{count} rows of the verdict table, each with the label that was written down for it")


def test_of_three_clusters_one_is_named_only_where_the_others_refuse(reached: Reached) -> None:
    """All combinations: in none is a 4xx good, or a host named that did not accept."""
    family, kind = FAMILIES["token-plan"], KINDS["tp-"]
    clusters = [host.cluster for host in family.hosts]
    made = {(host.cluster, outcome): probe(host, outcome) for host in family.hosts for outcome in OUTCOMES}
    count = 0
    for outcomes in product(OUTCOMES, repeat=3):
        probes = [made[each] for each in zip(clusters, outcomes, strict=True)]
        verdict = judge(kind, family, probes)
        accepted, refused = outcomes.count("200"), outcomes.count("401")
        assert (verdict.label is Label.BELONGS) == ((accepted, refused) == (1, 2))
        assert (verdict.label is Label.SEVERAL) == (accepted > 1)
        assert (verdict.label is Label.REVOKED) == (refused == 3)
        if verdict.host is not None:
            assert verdict.host.cluster == clusters[outcomes.index("200")]
        count += 1
    for each in made.values():
        status = each.exchange.status
        if status is not None and 400 <= status < 500:
            assert each.reading is not Reading.ACCEPTS
    reached(
        "19", f"{count:,} combinations of three clusters: named only where one accepts and the others refuse"
    )


def test_a_key_that_the_hosts_of_another_family_refuse_is_called_that() -> None:
    verdict, _ = verdict_of(FAMILIES["token-plan"], KINDS["sk-"], {"cn": "401", "sgp": "401", "ams": "401"})
    assert verdict.label is Label.WRONG_FAMILY
    verdict, _ = verdict_of(FAMILIES["pay-as-you-go"], KINDS["tp-"], {"": "401"})
    assert verdict.label is Label.WRONG_FAMILY
    verdict, _ = verdict_of(FAMILIES["pay-as-you-go"], KINDS["tp-"], {"": "402"})
    assert verdict.label is Label.UNDETERMINED


def test_a_host_that_was_not_asked_leaves_the_verdict_open() -> None:
    family = FAMILIES["token-plan"]
    probes = [probe(host, answer) for host, answer in zip(family.hosts[:2], ("200", "401"), strict=True)]
    assert judge(KINDS["tp-"], family, probes).label is Label.UNDETERMINED
    assert judge(KINDS["tp-"], family, probes[1:]).label is Label.UNDETERMINED
    assert judge(KINDS["tp-"], family, []).label is Label.UNDETERMINED


# Rows of the same table through real sockets: the simulated platform does it to whoever asks.

THROUGH_SOCKETS: tuple[tuple[str, dict[str, str], Label, str], ...] = (
    (accounts.SINGAPORE, {}, Label.BELONGS, "sgp"),
    (accounts.CHINA, {}, Label.BELONGS, "cn"),
    (accounts.TEAM, {}, Label.BELONGS, "sgp"),
    (accounts.TWO_CLUSTERS, {}, Label.SEVERAL, ""),
    (accounts.REVOKED, {}, Label.REVOKED, ""),
    (accounts.REVOKED_PAY_AS_YOU_GO, {}, Label.REVOKED, ""),
    (accounts.PAY_AS_YOU_GO, {}, Label.BELONGS, ""),
    (accounts.NO_BALANCE, {}, Label.BELONGS, ""),  # the list is free, so it does not look at the balance
    (accounts.SINGAPORE, {"sgp": "error=balance"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"sgp": "error=forbidden"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"sgp": "error=not-found"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"sgp": "error=moderation"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"sgp": "error=rate"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"cn": "error=rate"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"cn": "error=server"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"ams": "error=overloaded"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"ams": "html"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"ams": "redirect=https://example.com/"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"ams": "wrong-json"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"sgp": "broken-json"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"ams": "reset"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"sgp": "cut=40"}, Label.UNDETERMINED, ""),
    (accounts.SINGAPORE, {"cn": "error=invalid-key", "ams": "echo-key"}, Label.BELONGS, "sgp"),
    (accounts.REVOKED, {"ams": "html"}, Label.UNDETERMINED, ""),
)


async def test_the_verdicts_hold_through_real_sockets(
    online: Services, served: Served, reached: Reached
) -> None:
    hosts = {host.cluster: host.name for host in FAMILIES["token-plan"].hosts}
    for key, faults, label, cluster in THROUGH_SOCKETS:
        apply_key(online, plan_key(online, Secret(key), "MIMO_7_API_KEY"))
        served.platform.clear_faults()
        for place, script in faults.items():
            served.platform.put_fault(script, host=hosts[place], always=True)
        slot = find_slot(list_keys(online), "MIMO_7_API_KEY")
        found = await check_key(online, slot, family_of(online, slot))
        assert found.verdict.label is label, (key, faults)
        assert (found.verdict.host.cluster if found.verdict.host else "") == cluster
        assert found.simulated
        shown = [probe.exchange.body + probe.meaning for probe in found.probes]
        assert not any(key in text for text in (*shown, *found.verdict.grounds))
    reached("19", f"{len(THROUGH_SOCKETS)} rows through real sockets, each with the label of the table")


@pytest.mark.parametrize("reading", list(Reading))
def test_every_reading_has_a_sentence(reading: Reading) -> None:
    host = FAMILIES["token-plan"].hosts[0]
    for outcome in OUTCOMES:
        said = meaning(host, exchange(host, outcome)[0], reading, MODELS)
        assert said.startswith("cn ")
        assert said.endswith(".")
