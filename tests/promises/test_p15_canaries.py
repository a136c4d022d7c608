"""Promise 15, for what reads and writes presets: no key is ever in what is said, in any form, wherever it lies."""

import base64
import io
import json
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, quote_plus

import pytest

from mimo_tui.cli.commands import run
from mimo_tui.core import preset as at
from mimo_tui.core.json_text import Json, Set, apply
from mimo_tui.services import Services
from mimo_tui.services.doctor.examining import examine
from mimo_tui.services.doctor.reporting import report
from mimo_tui.services.keys.listing import list_keys
from mimo_tui.services.presets import changing, merging, planning
from mimo_tui.services.presets.draft import Draft, judge_draft
from mimo_tui.services.presets.listing import list_presets
from mimo_tui.store.atomic import Conflict
from mimo_tui.store.configuration import configuration
from mimo_tui.store.library import scan

Reached = Callable[[str, str], None]

CANARIES = (
    "sk-Canary0123456789abcdefghijKLMNOP",
    "tp-Canary9876543210zyxwvutsrqPONMLK",
    "ttp-Canary5555ABCDEfghij66667777",
    "Qz7#j",  # short: nothing of it may show
    "Xk.*+?[a]{2}(b|c)$^\\d/Canary=",
    "Schlüssel-金丝雀-Canary-🐤-ключ",
)
SLOTS = tuple(f"CANARY_{number}_API_KEY" for number in range(len(CANARIES)))


def forms(key: str) -> set[str]:
    """Give the key as it is, and as base64, URLs and JSON write it."""
    raw, half = key.encode(), len(key) // 2
    return {
        *(part for part in (key[:half], key[half:]) if len(part) > 4),  # a mask shows four characters
        key,
        base64.b64encode(raw).decode(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        quote(key),
        quote(key, safe=""),
        quote_plus(key),
        json.dumps(key)[1:-1],
        json.dumps(key, ensure_ascii=False)[1:-1],
        json.dumps(json.dumps(key))[3:-3],
        repr(key)[1:-1],
        repr(raw)[2:-1],
    }


FORMS = {form: key for key in CANARIES for form in forms(key)}


@dataclass
class Said:
    """All that was said, and which canaries were in it."""

    texts: int = 0
    length: int = 0

    def hear(self, text: str, what: object) -> None:
        hits = sorted({key for form, key in FORMS.items() if form in text})
        assert not hits, f"{what} says {hits}"
        self.texts += 1
        self.length += len(text)


def document(name: str, key: str, slot: str) -> Json:
    return {
        "name": name,
        "description": {"summary": "holds a canary"},
        "manifest": {
            "llm": {
                "provider": "mimo",
                "model": "mimo-v2.5-pro",
                "base_url": "https://api.xiaomimimo.com/v1",
                "api_key": key,
                "api_key_env": slot,
                "context_limit": 99999999,
                "default_headers": {"Authorization": f"Bearer {key}", "X-Api-Key": key},
            },
            "capabilities": {
                "vision": {"provider": "mimo", "model": "mimo-v2.5", "api_key": key},
                "bash": {},
            },
        },
    }


def escaped(text: str) -> str:
    """Write every letter of every string value of the text as an escape, as some programs do."""
    return json.dumps(json.loads(text), indent=2).replace("Canary", "\\u0043\\u0061nary")


@pytest.fixture
def canaries(services: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The sample library with every canary in every place that a key can lie in."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    places, home = services.places, services.places.home
    env = places.env_file.read_text()
    mirror = {}
    for number, (key, slot) in enumerate(zip(CANARIES, SLOTS, strict=True)):
        where = number % 3
        if where == 0 or key == CANARIES[3]:
            env += f"{slot}={key}\n{slot}='{key}' # twice\n"
        elif where == 1:
            mirror[slot] = key
        else:
            monkeypatch.setenv(slot, key)
        text = json.dumps(document(f"canary-{number}", key, slot), indent=2, ensure_ascii=False)
        saved = places.saved
        (saved / f"canary-{number}.json").write_text(text)
        (saved / f"escaped-{number}.json").write_text(
            escaped(text).replace(f'"canary-{number}"', f'"escaped-{number}"')
        )
        (saved / f"cut-{number}.json").write_text(text[:-20])
        (saved / f"latin-{number}.json").write_bytes(text.encode() + b"\xff")
        (saved / f"twice-{number}.json").write_text(text[:-1] + ',\n  "api_key": 1, "api_key": 2}')
        (saved / f"bom-{number}.json").write_text("\ufeff" + text)
        (places.templates / f"canary-{number}.json").write_text(text)
        slotted = {**json.loads(text), "name": f"slot-{number}"}
        del slotted["manifest"]["llm"]["api_key"]
        (saved / f"slot-{number}.json").write_text(json.dumps(slotted, indent=1))
    config = json.loads(places.config_file.read_text())
    config["keys"] |= mirror | {"BROKEN": 3}
    places.config_file.write_text(json.dumps(config))
    places.env_file.write_text(env)
    assert home.exists()
    environment = {slot: key for slot, key in zip(SLOTS, CANARIES, strict=True) if slot not in mirror}
    return replace(services, environment=MappingProxyType(environment))


KINDS = ("canary", "escaped", "cut", "latin", "twice", "bom", "slot")


def looking(kind: str, number: int) -> Iterator[tuple[str, ...]]:
    """Give every command that writes nothing, over one file that holds the canary of that number."""
    name = f"saved/{kind}-{number}"
    yield ("presets", "show", name)
    yield ("switch", name, "mimo-v2.6-pro", "--dry-run")
    yield ("presets", "delete", name, "--dry-run")
    yield ("presets", "clone", name, "--dry-run", "--own-slot")
    yield ("presets", "rename", name, "other", "--dry-run")
    yield ("presets", "set", name, "manifest.llm.default_headers", "{}", "--dry-run")
    yield ("presets", "set", name, "manifest.llm.api_key", "--unset", "--dry-run")
    yield ("presets", "set", name, "manifest.capabilities.vision.api_key.deeper", "3", "--dry-run")
    yield ("switch", f"templates/canary-{number}", "mimo-v2.6-pro", "--dry-run")
    yield ("chat", f"My key is {CANARIES[number]}", "--preset", name, "--raw", "--reasoning", "--offline")


def writing(number: int) -> Iterator[tuple[str, ...]]:
    """Give the commands that write, over files that hold the canary of that number; each is taken back."""
    for kind in ("canary", "escaped", "cut", "twice"):
        yield ("presets", "delete", f"saved/{kind}-{number}", "--yes")
        yield ("presets", "diff")
        yield ("presets", "undo", "--yes")
    yield ("presets", "set", f"saved/canary-{number}", "manifest.llm.default_headers", "{}", "--yes")
    yield ("presets", "rename", f"saved/canary-{number}", f"other-{number}", "--yes")
    yield ("presets", "diff")
    yield ("presets", "history", f"other-{number}")
    yield ("presets", "undo", "--yes")


def converse(
    services: Services, asked: Iterable[tuple[str, ...]], capsys: pytest.CaptureFixture[str], reached: Reached
) -> None:
    """Run the commands in both forms, listen, and read the log of the history."""
    said, count = Said(), 0
    whole = (("presets", "list"), ("keys", "list"), ("doctor",), ("doctor", "--report", "-"))
    for command in (*whole, *asked, ("presets", "history")):
        for form in ((), ("--json",)):
            run([*command, *form, "--home", str(services.places.home)])
            spoken = capsys.readouterr()
            said.hear(spoken.out, command)
            said.hear(spoken.err, command)
            count += 1
    said.hear((services.places.history / "log" / "changes.jsonl").read_text(), "the log")
    changes = len(changing.history(services))
    assert changes > 0
    reached(
        "15",
        f"{len(CANARIES)} canaries in 5 places, {len(FORMS)} forms: 0 hits in {said.length:,} characters of "
        f"{count} commands and the log of {changes} changes",
    )


def test_no_command_says_a_key_in_words_or_in_json(
    canaries: Services, capsys: pytest.CaptureFixture[str], reached: Reached
) -> None:
    asked = [each for at_, kind in enumerate(KINDS) for each in looking(kind, (at_ + 3) % len(CANARIES))]
    converse(canaries, (*asked, *writing(3)), capsys, reached)


@pytest.mark.long
def test_no_command_says_any_key_of_any_file(
    canaries: Services, capsys: pytest.CaptureFixture[str], reached: Reached
) -> None:
    numbers = range(len(CANARIES))
    asked = [each for number in numbers for kind in KINDS for each in looking(kind, number)]
    converse(canaries, (*asked, *(each for number in numbers for each in writing(number))), capsys, reached)


def test_no_report_of_the_doctor_holds_a_key(canaries: Services, reached: Reached) -> None:
    said = Said()
    examination = examine(canaries)
    said.hear(repr(examination), "the examination")
    said.hear(report(examination, canaries), "the report")
    for each in {each.code: each for each in examination.complaints}.values():
        said.hear(report(examination, canaries, (each,)), each.id)
    assert said.texts > 20
    count = len(examination.complaints)
    reached("15", f"{len(CANARIES)} canaries in 5 places, {count} complaints: 0 hits in {said.texts} reports")


def test_the_keys_are_found_all_the_same(canaries: Services) -> None:
    found = {slot.secret.reveal() for slot in list_keys(canaries) if slot.secret}
    assert set(CANARIES) - found <= {
        CANARIES[1],
        CANARIES[4],
    }  # those two lie in config.json, which no agent reads
    keys = {view.key.secret.reveal() for view in list_presets(canaries).presets if view.key}
    assert set(CANARIES) <= keys


def test_snapshots_hold_the_bytes_and_are_for_their_owner_only(canaries: Services) -> None:
    listing = list_presets(canaries)
    view = next(view for view in listing.presets if view.name == "canary-0")
    changing.apply(canaries, planning.plan_delete(canaries, listing, view))
    history = canaries.places.history
    snapshots = [path for path in (history / "snapshots").iterdir() if path.is_file()]
    assert any(CANARIES[0].encode() in path.read_bytes() for path in snapshots)
    for path in (history, *history.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0


def test_no_repr_of_our_results_and_no_traceback_says_a_key(canaries: Services, reached: Reached) -> None:
    said = Said()
    library = scan(canaries.places)
    listing = list_presets(canaries)
    results: list[object] = [
        library,
        listing,
        listing.context.slots,
        canaries,
        list_keys(canaries),
        configuration(canaries.places.config_file),
    ]
    results += [*library.entries, *listing.presets, *(view.key for view in listing.presets)]
    for view in listing.presets:
        if view.entry.source != "saved" or "-" not in view.entry.stem:
            continue
        results.append(view.error)
        if view.entry.content is not None:
            plan = planning.plan_delete(canaries, listing, view)
            results += [plan, plan.diff, plan.label]
        if view.preset is None:
            with pytest.raises(planning.Refused) as refused:
                planning.plan_switch(canaries, listing, view, "x")
            results.append("".join(traceback.format_exception(refused.value)))
            continue
        plan = planning.plan_edit(canaries, listing, view, (Set(at.INLINE_KEY, None), Set(at.TIER, "1")))
        judged = judge_draft(canaries, listing, Draft(view, MappingProxyType({"vision": '{"api_key": "x"}'})))
        results += [
            plan,
            judged,
            plan.after,
            planning.redacted_lines(
                plan.data or b"", view.entry.document.value if view.entry.document else None
            ),
        ]
        results += merges(canaries, plan)
    for result in results:
        said.hear(repr(result), type(result))
        said.hear(str(result), type(result))
    assert said.texts > 200
    reached("15", f"0 hits in the repr of {len(results)} results, merges and tracebacks")


def merges(services: Services, plan: planning.Plan) -> Iterable[object]:
    """Make a conflict in which both sides hold keys, and give all that is said of it."""
    data = plan.target.read_bytes()
    plan.target.write_text(
        apply(data.decode(), (Set((*at.LLM, "default_headers"), {"Cookie": CANARIES[0]}),))
    )
    with pytest.raises(Conflict) as conflict:
        changing.apply(services, plan, force=True)
    merge = merging.compare(plan, conflict.value)
    theirs = plan.target.read_bytes()
    plan.target.write_bytes(data)
    assert theirs != data
    return (merge, merge.differences, "".join(traceback.format_exception(conflict.value)))


def test_a_canary_would_be_heard() -> None:
    for key in CANARIES:
        for form in forms(key):
            with pytest.raises(AssertionError):
                Said().hear(f"x{form}x", "test")
    assert Path(__file__).name.startswith("test_p15")
