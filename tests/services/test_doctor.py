"""The doctor: everything that is wrong in one list, what mends it, and the report of it."""

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from mimo_tui.cli.parser import parse
from mimo_tui.core.drift import INDEX, Signal
from mimo_tui.core.findings import Severity
from mimo_tui.core.text import clean
from mimo_tui.core.verdict import Label
from mimo_tui.services import Services, make_services
from mimo_tui.services.docs.updating import IndexFound, Updated, update
from mimo_tui.services.doctor.checking import Asking, Event, NotChecked, check_now, told
from mimo_tui.services.doctor.complaints import PAGES, Complaint, Examination, Place
from mimo_tui.services.doctor.examining import conclusion, examine, news, tally
from mimo_tui.services.doctor.reporting import report
from mimo_tui.services.doctor.writing import NotThere, Occupied, proposed_file, report_file, write_report
from mimo_tui.services.keys.checking import Check
from mimo_tui.services.keys.listing import find_slot, list_keys
from mimo_tui.services.presets import changing, planning
from mimo_tui.services.presets.listing import find, list_presets
from mimo_tui.services.refusals import NothingSent
from mimo_tui.simulator.server import Served
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.simulator.site.planted import CONTRADICTIONS
from mimo_tui.store import checks
from mimo_tui.store.checks import Remembered
from mimo_tui.store.kernel import installed_kernel
from mimo_tui.wire.http import Client, Network
from tests.conftest import NOW

WORST_FIRST = list(Severity)


def complaints(services: Services, code: str = "") -> list[Complaint]:
    return [each for each in examine(services).complaints if code in ("", each.code)]


async def checked(services: Services) -> tuple[list[Event], Examination]:
    events = [event async for event in check_now(services)]
    last = events[-1]
    assert isinstance(last, Examination)
    return events, last


def remember(services: Services, name: str, label: Label, host: str = "", *, simulated: bool = False) -> None:
    """Keep a verdict on the key of that slot, as a check does."""
    secret = find_slot(list_keys(services), name).secret
    assert secret is not None
    verdict = Remembered(label, clean("a title"), clean("family"), clean(host), clean(""), NOW, simulated)
    checks.remember(services.places.checks, secret.fingerprint, verdict)


# What is listed


def test_every_finding_of_every_preset_is_a_complaint_and_the_worst_come_first(services: Services) -> None:
    found = examine(services)
    listing = list_presets(services)
    wanted = {
        (view.reference, finding.code, finding.path)
        for view in listing.presets
        for finding in view.findings
        if finding.code not in ("template", "key-read-differently")
    }
    told = {(each.where, each.code, each.finding.path) for each in found.complaints if each.finding}
    assert told == wanted
    ranks = [WORST_FIRST.index(each.severity) for each in found.complaints]
    assert ranks == sorted(ranks)
    assert found.is_wrong
    assert tally(found.complaints) == "56 errors, 21 warnings, 12 remarks"


def test_no_two_complaints_have_one_id_and_a_second_look_finds_the_same(services: Services) -> None:
    first, second = examine(services), examine(services)
    ids = [each.id for each in first.complaints]
    assert len(set(ids)) == len(ids)
    assert [each.id for each in second.complaints] == ids


def test_what_a_slot_tells_is_told_once_and_not_again_by_each_of_its_presets(services: Services) -> None:
    twice = complaints(services, "key-read-differently")
    assert {each.place for each in twice} == {Place.KEY}
    assert len({each.where for each in twice}) == len(twice) == 4
    assert [each.where for each in complaints(services, "inline-key")] == ["saved/inline.json"]


def test_each_of_many_presets_on_a_retired_model_is_a_complaint(services: Services) -> None:
    original = services.places.saved / "mimo-1.json"
    for number in range(40):
        (services.places.saved / f"copy-{number}.json").write_text(original.read_text())
    found = [each for each in complaints(services, "model-retired") if each.where.startswith("saved/copy-")]
    assert len(found) == 40


def test_every_command_that_is_suggested_is_understood(services: Services) -> None:
    remember(services, "MIMO_1_API_KEY", Label.BELONGS, "token-plan-cn.xiaomimimo.com")
    remember(services, "XIAOMI_API_KEY", Label.REVOKED)
    services.places.env_file.chmod(0o644)
    commands = {remedy.command for each in complaints(services) for remedy in each.remedies} - {""}
    assert {shlex.split(each)[0] for each in commands} == {"mimo-tui", "chmod"}
    for command in {command.rpartition(" ")[0][:30]: command for command in commands}.values():
        if command.startswith("mimo-tui"):
            parse(shlex.split(command)[1:])
    assert "mimo-tui switch 'saved/灵台 预设' mimo-v2.6-flash" in commands
    assert "mimo-tui presets fix saved/mimo-1 pin-vision:mimo-v2.6-flash" in commands
    assert "mimo-tui keys set OPENCODE_GO_API_KEY" in commands


def test_where_there_is_no_library_nothing_is_wrong(tmp_path: Path) -> None:
    found = examine(replace(make_services(tmp_path / "nobody"), now=lambda: NOW))
    assert (found.complaints, found.is_wrong, found.problem) == ((), False, "")
    assert conclusion(found).startswith(
        "Nothing wrong was found; not all of it could be checked: the index of"
    )
    assert conclusion(replace(found, unchecked=())) == "Nothing is wrong."
    assert {each.subject for each in found.unchecked} == {"the index of the docs", "the models of each host"}
    assert found.basis
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_cannot_be_listed_is_a_problem_and_not_health(tmp_path: Path) -> None:
    services = make_services(tmp_path)
    services.places.legacy.parent.mkdir()
    services.places.legacy.write_text("not a folder")
    services.places.env_file.mkdir()
    found = examine(services)
    assert found.problem
    assert {each.code for each in found.complaints} >= {"folder-unreadable", "keys-unreadable"}


# Files


def test_files_that_others_can_read_are_told_and_left_as_they_are(services: Services) -> None:
    listing = list_presets(services)
    changing.apply(services, planning.plan_delete(services, listing, find(listing, "saved/mimo-1")))
    places = services.places
    snapshot = next(path for path in (places.history / "snapshots").iterdir())
    for path in (places.env_file, places.config_file, snapshot):
        path.chmod(0o644)
    found = {str(each.where): each for each in complaints(services, "loose-mode")}
    assert set(found) == {".env", "config.json", "history", "saved/inline.json"}
    assert all(each.place is Place.FILES for each in found.values())
    assert found[".env"].remedies[0].command == f"chmod go-rwx {shlex.quote(str(places.env_file))}"
    assert found["history"].remedies[0].command == f"chmod -R go-rwx {shlex.quote(str(places.history))}"
    assert "1 of its files and folders" in found["history"].message
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in (places.env_file, snapshot))


def test_files_of_ours_that_cannot_be_used_are_told(services: Services) -> None:
    places = services.places
    places.state.mkdir(parents=True)
    places.docs.write_bytes(b"no database" * 1000)
    places.checks.write_text("{")
    (places.history / "log").mkdir(parents=True)
    (places.history / "log" / "changes.jsonl").write_text("{broken\n")
    for folder in (places.history, places.history / "log"):
        folder.chmod(0o700)
    found = {each.code: each for each in complaints(services) if each.place is Place.FILES}
    assert {"docs-unusable", "checks-unreadable", "history-damaged"} <= set(found)
    assert "the docs that are here" in {each.subject for each in examine(services).unchecked}


# Keys


def test_a_key_that_was_refused_last_time_is_an_error_where_a_preset_uses_it(services: Services) -> None:
    remember(services, "XIAOMI_API_KEY", Label.REVOKED)
    [found] = complaints(services, "key-revoked")
    assert (found.place, found.severity, found.where) == (Place.KEY, Severity.ERROR, "XIAOMI_API_KEY")
    assert found.since == NOW
    assert "2026-11-23 12:00 UTC" in found.because


def test_a_check_that_found_nothing_certain_is_only_a_remark(services: Services) -> None:
    remember(services, "XIAOMI_API_KEY", Label.UNDETERMINED)
    [found] = complaints(services, "key-undetermined")
    assert not found.is_wrong


def test_a_preset_on_another_cluster_than_its_key_is_an_error_with_the_move(services: Services) -> None:
    remember(services, "MIMO_1_API_KEY", Label.BELONGS, "token-plan-cn.xiaomimimo.com")
    [found] = complaints(services, "key-misplaced")
    assert (found.severity, found.where) == (Severity.ERROR, "MIMO_1_API_KEY")
    assert "saved/mimo-1.json calls sgp" in found.message
    assert found.remedies[0].command == "mimo-tui keys check MIMO_1_API_KEY --fix"


def test_a_verdict_of_the_simulated_platform_says_nothing_about_a_real_library(services: Services) -> None:
    remember(services, "MIMO_1_API_KEY", Label.BELONGS, "token-plan-cn.xiaomimimo.com", simulated=True)
    remember(services, "XIAOMI_API_KEY", Label.REVOKED, simulated=True)
    found = examine(services)
    assert {each.code for each in found.complaints} & {"key-misplaced", "key-revoked"} == set()
    assert not any("were checked" in each for each in found.basis)
    sample = {each.code for each in examine(replace(services, simulated=True)).complaints}
    assert {"key-misplaced", "key-revoked"} <= sample


# Asking first


async def test_a_check_fetches_the_docs_asks_about_the_keys_and_looks_last(online: Services) -> None:
    events, found = await checked(online)
    kinds = [type(each) for each in events]
    assert kinds[0] is IndexFound
    assert kinds.index(Updated) < kinds.index(Asking) < kinds.index(Check) < kinds.index(Examination)
    asked = [each.slot for each in events if isinstance(each, Asking)]
    assert asked == ["MIMO_1_API_KEY", "MIMO_9_API_KEY", "XIAOMI_API_KEY"]
    assert [each.subject for each in events if isinstance(each, NotChecked)] == ["MIMO_01_API_KEY"]
    assert {each.slot for each in found.asked.checks} == set(asked)
    assert [each.subject for each in found.unchecked] == ["MIMO_01_API_KEY"]
    assert found.simulated
    assert "66 pages" in found.basis[1]
    assert all(told(each) for each in events)


async def test_docs_that_contradict_are_complaints_with_old_and_new_and_since_when(
    online: Services, served: Served
) -> None:
    site = shipped()
    for name in ("price", "host-added"):
        site = CONTRADICTIONS[name].change(site)
    served.platform.site = site
    _, found = await checked(online)
    drift = {each.code: each for each in found.complaints if each.place is Place.DRIFT}
    assert {str(Signal.PRICE_OR_LIMIT), str(Signal.HOSTS)} <= set(drift)
    price = drift[str(Signal.PRICE_OR_LIMIT)]
    assert price.since == NOW
    assert price.simulated
    assert price.discrepancy is not None
    assert price.discrepancy.quote
    later = replace(online, now=lambda: NOW.replace(day=30))
    again = next(each for each in examine(later).complaints if each.id == price.id)
    assert again.since == NOW


async def test_a_check_that_reaches_nobody_says_of_each_that_it_was_asked_in_vain(
    online: Services, served: Served
) -> None:
    served.platform.put_fault("reset", always=True)
    _, found = await checked(online)
    assert found.asked.has_failed
    left = {str(each.subject): each.reason for each in found.unchecked}
    assert {INDEX, "MIMO_1_API_KEY", "MIMO_9_API_KEY", "XIAOMI_API_KEY"} <= set(left)
    assert "https://mimo.mi.com/llms.txt gave no answer" in left[INDEX]
    assert "https://platform.xiaomimimo.com/llms.txt gave no answer" in left[INDEX]
    assert "the index of the docs" in conclusion(found)
    served.platform.clear_faults()
    _, again = await checked(online)
    assert not again.asked.has_failed
    assert [each.subject for each in again.unchecked] == ["MIMO_01_API_KEY"]


async def test_pages_that_do_not_come_are_said_not_to_be_checked(online: Services, served: Served) -> None:
    for path in ("/llms-full.txt", "/static/docs/quick-start/summary/model.md"):
        served.platform.put_fault("status=503", path=path, always=True)
    events, found = await checked(online)
    [left] = [each for each in found.unchecked if each.subject == PAGES]
    assert left.reason.startswith("1 of 66 did not come, quick-start/summary/model: no answer")
    assert any("1 of 66 did not come" in told(each) for each in events if isinstance(each, Updated))
    assert not found.asked.has_failed


async def test_what_was_heard_since_is_not_said_to_be_unchecked_any_more(
    online: Services, served: Served
) -> None:
    served.platform.put_fault("reset", always=True)
    _, found = await checked(online)
    served.platform.clear_faults()
    later = replace(online, now=lambda: NOW.replace(hour=13))
    async for _ in update(later):
        pass
    left = {each.subject for each in examine(later, found.asked).unchecked}
    assert INDEX not in left
    assert "XIAOMI_API_KEY" in left


async def test_what_a_look_found_is_told_as_new_the_same_and_gone(online: Services) -> None:
    before = examine(online)
    _, after = await checked(online)
    new = len(after.complaints) - len(before.complaints)
    assert news(before, after) == f"{new} new, {len(before.complaints)} same"
    assert news(after, replace(before, complaints=())) == f"0 new, 0 same, {len(after.complaints)} gone"


async def test_offline_nothing_is_sent_and_a_sentence_says_so(services: Services) -> None:
    client = Client(services.knowledge.trusted, Network(offline=True), now=lambda: NOW)
    with pytest.raises(NothingSent, match="offline"):
        await checked(replace(services, connect=lambda: client))
    await client.aclose()


# The report


def test_a_report_has_the_form_whatever_it_is_about(services: Services) -> None:
    found = examine(services)
    for chosen in (None, *((each,) for each in found.complaints[::12])):
        text = report(found, services, chosen)
        assert text.startswith("[Issue Report] ")
        headings = [line for line in text.splitlines() if line.startswith("## ")]
        assert headings[:6] == [
            "## What's wrong",
            "## Where",
            "## Reproduction",
            "## What you expected",
            "## What actually happened",
            "## Severity",
        ]
        assert set(headings[6:]) <= {"## Suggested fix (optional)"}


def test_alike_complaints_are_one_issue_of_a_report(services: Services) -> None:
    found = examine(services)
    retired = [each for each in found.complaints if each.code == "model-retired" and "-pro" in each.message]
    assert len(retired) == 2
    text = report(found, services, retired)
    assert text.count("The model mimo-v2.5-pro was retired on 2026-10-21") == 2  # wrong, and happened
    assert "`saved/mimo-1.json`, `saved/mimo-pro.json`" in text
    assert "`blocking`" in text


async def test_a_report_of_drift_tells_each_thing_once_and_reads_well(
    online: Services, served: Served
) -> None:
    site = shipped()
    for name in ("context", "voice-gone", "voice-added", "page-gone"):
        site = CONTRADICTIONS[name].change(site)
    served.platform.site = site
    _, found = await checked(online)
    text = report(found, online, [each for each in found.complaints if each.place is Place.DRIFT])
    happened = text.partition("## What actually happened")[2].partition("##")[0]
    assert ".: " not in text
    assert "1,048,576" not in happened
    assert "mimo-v2.6-pro, context: 524,288. So says Models, https://mimo.mi.com/" in happened
    assert "mimo-v2.5-tts, voices: Nora and 8 others. So says Speech Synthesis" in happened
    assert "--report" not in text
    assert "Mimo-" not in text
    assert "Chloe, " not in text


def test_a_report_says_versions_and_what_is_unknown(services: Services) -> None:
    text = report(examine(services), services)
    assert "Lingtai's kernel `unknown`" in text
    installed = services.places.lingtai / "runtime/venv/lib/python3.11/site-packages/lingtai-1.2.3.dist-info"
    installed.mkdir(parents=True)
    assert installed_kernel(services.places) == "1.2.3"
    assert "Lingtai's kernel `1.2.3`" in report(examine(services), services)
    assert "active preset `~/.lingtai-tui/presets/saved/mimo-1.json`" in text


async def test_a_report_holds_what_the_hosts_answered_and_the_next_look_remembers_it(
    online: Services,
) -> None:
    sample = replace(online, simulated=True)
    _, found = await checked(sample)
    refused = [each for each in found.complaints if each.code == "key-revoked"]
    text = report(found, sample, refused)
    assert "/v1/models at 2026-11-23 12:00:00 UTC: 401" in text
    assert '"message":"Invalid API Key"' in text
    assert {"key-revoked", "key-misplaced"} <= {each.code for each in examine(sample).complaints}
    assert text.startswith("[Issue Report] SIMULATED: ")


def test_neither_a_key_nor_the_home_is_in_a_report(services: Services) -> None:
    home, saved = services.places.home, services.places.saved
    path = saved / "telltale.json"
    text = (saved / "mimo-1.json").read_text()
    path.write_text(text.replace('"mimo-v2.5-pro"', f'"of sk-fake0001 in {home}/x"'))
    found = examine(services)
    assert any(str(home) in each.message for each in found.complaints)
    written = report(found, services)
    assert str(home) not in written
    assert "~/x" in written
    assert not any(key in written for key in ("sk-fake0001", "tp-fake0002", "sk-fake0016"))


# Where it goes


def test_a_report_is_written_for_its_owner_and_never_over_another_file(services: Services) -> None:
    path = report_file(services, proposed_file(services))
    assert path == services.places.home / "mimo-tui-report-2026-11-23.md"
    write_report(path, clean("one"))
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("one", 0o600)
    with pytest.raises(Occupied):
        write_report(path, clean("two"))
    assert path.read_text() == "one"
    write_report(path, clean("two"), over=True)
    assert path.read_text() == "two"
    with pytest.raises(NotThere, match="no folder"):
        write_report(path.parent / "nowhere" / "x.md", clean("x"))


def test_a_report_never_lands_among_lingtais_files_by_accident(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(services.places.saved)
    with pytest.raises(NotThere, match="among Lingtai's own files"):
        report_file(services, "report.md")
    (services.places.home / "elsewhere").symlink_to(services.places.saved)
    with pytest.raises(NotThere, match="among Lingtai's own files"):
        report_file(services, "~/elsewhere/report.md")
    meant = services.places.lingtai / "reports.md"
    assert report_file(services, str(meant)) == meant


@pytest.mark.parametrize("name", ["", "  ", "a\0b", "~/.lingtai-tui/presets"])
def test_what_cannot_be_a_report_is_refused(services: Services, name: str) -> None:
    with pytest.raises(NotThere):
        report_file(services, name)


def test_looking_changes_nothing(services: Services) -> None:
    def seen() -> dict[Path, tuple[int, int]]:
        home = services.places.home
        return {path: (path.lstat().st_ino, path.lstat().st_mtime_ns) for path in (home, *home.rglob("*"))}

    before = seen()
    found = examine(services)
    report(found, services)
    assert seen() == before
