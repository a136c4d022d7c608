"""What tests of rules share: a good MiMo preset, ways to spoil it, and what must hold of a finding and its fixes."""

import json
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from mimo_tui.core import catalogue, endpoints, json_text, lingtai
from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.json_text import Json
from mimo_tui.core.preset import Source, view
from mimo_tui.core.rules import Context, Subject, check
from mimo_tui.core.secrets import Secret
from mimo_tui.core.slots import Reader, Slots, Use, key_of
from mimo_tui.core.text import clean
from mimo_tui.simulator.sample_library import lingtai_bytes
from tests.lingtai_readers import BOOTS, LOADS, go_answer, kernel_answer, kernel_boot_answer

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CATALOGUE, LINGTAI = catalogue.load(), lingtai.load()

STEM, SLOT = "mimo-1", "MIMO_1_API_KEY"
PAY = "https://api.xiaomimimo.com/v1"
SGP = "https://token-plan-sgp.xiaomimimo.com/v1"
PAY_KEY, PLAN_KEY, TEAM_KEY = "sk-0123456789abcdef", "tp-0123456789abcdef", "ttp-0123456789abcdef"
SKILLS: Mapping[str, Json] = {"paths": ["../.library_shared", "~/.lingtai-tui/utilities"]}

Document = dict[str, Json]
GONE = object()
"""Put in the place of a value: the member is not there."""


@dataclass(frozen=True)
class World:
    """All around the preset. `keys` are in `.env` and seen alike by every reader; the others are as they say."""

    keys: Mapping[str, str] = field(default_factory=lambda: {SLOT: PAY_KEY})
    process: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, str] = field(default_factory=dict)
    disagreements: Mapping[str, str] = field(default_factory=dict)
    uses: Mapping[str, tuple[Use, ...]] = field(default_factory=dict)
    source: Source = Source.SAVED
    stem: str = STEM
    mode: int = 0o600

    @property
    def context(self) -> Context:
        in_file = {name: Secret(value) for name, value in self.keys.items()}
        slots = Slots(
            env_file=dict.fromkeys(Reader, in_file),
            process={name: Secret(value) for name, value in self.process.items()},
            config={name: Secret(value) for name, value in self.config.items()},
            disagreements={name: clean(why) for name, why in self.disagreements.items()},
            uses=self.uses,
            names=frozenset({*self.keys, *self.process, *self.config}),
        )
        return Context(CATALOGUE, LINGTAI, slots, NOW)


WORLD = World()


def good() -> Document:
    """Give a MiMo preset with which nothing at all is wrong at NOW."""
    return {
        "name": STEM,
        "description": {"summary": "A good preset", "tier": "4", "gains": "推理"},
        "manifest": {
            "llm": {
                "provider": "mimo",
                "model": "mimo-v2.6-pro",
                "api_key": None,
                "api_key_env": SLOT,
                "base_url": PAY,
                "api_compat": "openai",
                "context_limit": 1_000_000,
            },
            "capabilities": {
                "skills": dict(SKILLS),
                "vision": {"provider": "mimo", "model": "mimo-v2.6-flash", "api_key_env": SLOT},
                "web_search": {"provider": "duckduckgo"},
            },
        },
    }


def custom(**llm: object) -> Document:
    """Give a good preset of another provider, `llm` laid over."""
    document = good()
    usual: dict[str, object] = {
        "provider": "custom",
        "model": "glm-5",
        "base_url": "https://example.com/v1",
        "manifest.capabilities.vision": GONE,
    }
    wanted = {
        name if "." in name else f"manifest.llm.{name}": value for name, value in {**usual, **llm}.items()
    }
    return spoiled(wanted, document)


def spoiled(changes: Mapping[str, object], document: Document | None = None) -> Document:
    """Give the document with the value at each dotted path replaced, added, or taken out (GONE)."""
    document = deepcopy(document if document is not None else good())
    for dotted, value in changes.items():
        *parents, last = dotted.split(".")
        holder: Json = document
        for parent in parents:
            assert isinstance(holder, dict)
            holder = holder[parent]
        assert isinstance(holder, dict)
        if value is GONE:
            del holder[last]
        else:
            holder[last] = value  # type: ignore[assignment] # a test's value is Json
    return document


def subject_of(document: Mapping[str, Json], world: World = WORLD) -> Subject:
    """Give what rules look at, as the list of presets would."""
    preset = view(document)
    endpoint = (
        endpoints.read(preset.base_url, CATALOGUE, provider=preset.provider, api_compat=preset.api_compat)
        if preset.base_url
        else None
    )
    key = key_of(preset, world.context.slots)
    return Subject(preset, world.source, world.stem, world.mode, endpoint, key)


def judge(document: Mapping[str, Json], world: World = WORLD) -> tuple[Finding, ...]:
    """Give the findings of a document."""
    return check(subject_of(document, world), world.context)


@dataclass(frozen=True)
class Case:
    """One way to spoil the good preset, and the one finding that must come of it.

    `words` are what a person must read in the message, `source` in the *because*; `fixes` are the ids on offer, in
    order. `also` are the codes of findings that come with it, `left` those of which a fix may leave one behind.
    """

    name: str
    code: str
    severity: Severity
    path: str
    words: tuple[str, ...]
    fixes: tuple[str, ...] = ()
    changes: Mapping[str, object] = field(default_factory=dict)
    base: Callable[[], Document] = good
    world: World = WORLD
    source: str = "§"
    also: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    refused: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def document(self) -> Document:
        return spoiled(self.changes, self.base())


def found(case: Case) -> Finding:
    """Give the case's finding, having checked that it is as the case says and that nothing else is new."""
    findings = judge(case.document, case.world)
    before = {(one.code, one.path) for one in judge(case.base(), WORLD)}
    new = [one for one in findings if (one.code, one.path) not in before]
    assert [one.code for one in new if one.code not in case.also] == [case.code], _told(new)
    assert {one.code for one in new} == {case.code, *case.also}, _told(new)
    finding = next(one for one in new if one.code == case.code)
    assert finding.severity is case.severity
    assert finding.path == (json_text.parse_path(case.path) if case.path else ())
    assert all(word in finding.message for word in case.words), finding.message
    assert case.source in finding.because, finding.because
    assert tuple(fix.id for fix in finding.fixes) == case.fixes
    assert len({fix.id for fix in finding.fixes}) == len(finding.fixes)
    return finding


def assert_fixes_mend(case: Case, folder: Path) -> None:
    """Apply each fix to the text as Lingtai writes it: its finding goes, no error comes, nothing else changes."""
    finding = found(case)
    raw = lingtai_bytes(case.document)
    if case.refused:
        assert answers(raw, folder) != (LOADS, BOOTS, LOADS), (
            "neither reader refuses what is said to be refused"
        )
    errors = _errors(judge(case.document, case.world))
    for fix in finding.fixes:
        text = json_text.apply(raw.decode(), fix.edits)
        after = json_text.parse(text).value
        assert isinstance(after, dict)
        findings = judge(after, case.world)
        assert finding.code not in {one.code for one in findings if one.path == finding.path}, fix.id
        assert {code for code, _ in _errors(findings) - errors} <= set(case.left), fix.id
        assert _untouched(after, fix.edits) == _untouched(case.document, fix.edits), fix.id
        if finding.path[:3] != ("manifest", "capabilities", "skills"):
            assert _skills(case.document) in (_skills(after), None), fix.id
        if finding.severity is Severity.ERROR and not case.also:
            assert answers(text.encode(), folder) == (LOADS, BOOTS, LOADS), fix.id


def answers(raw: bytes, folder: Path) -> tuple[str, str, str]:
    """Give what the kernel says when it loads and boots these bytes, and what Lingtai's screen does."""
    path = folder / "preset.json"
    path.write_bytes(raw)
    return kernel_answer(path), kernel_boot_answer(path), go_answer(raw)


def each(*values: object) -> tuple[object, ...]:
    """Give values of many types as what they have in common."""
    return values


def codes(findings: Iterable[Finding]) -> set[str]:
    return {finding.code for finding in findings}


def elsewhere(world: World = WORLD, **changes: object) -> World:
    """Give the usual world with some of it changed."""
    return replace(world, **changes)  # type: ignore[arg-type] # the names are World's own


def _errors(findings: Iterable[Finding]) -> set[tuple[str, json_text.Path]]:
    return {(one.code, one.path) for one in findings if one.severity is Severity.ERROR}


def _untouched(document: Json, edits: Iterable[json_text.Edit]) -> Json:
    """Give the document without what the edits are about."""
    left = deepcopy(document)
    for edit in edits:
        paths = [edit.path]
        if isinstance(edit, json_text.Rename):
            paths.append((*edit.path[:-1], edit.name))
        for path in paths:
            holder = left
            for part in path[:-1]:
                holder = holder.get(str(part)) if isinstance(holder, dict) else None
            if isinstance(holder, dict):
                holder.pop(str(path[-1]), None)
    return left


def _skills(document: Mapping[str, Json]) -> Json:
    try:
        return json_text.get(dict(document), ("manifest", "capabilities", "skills"))
    except json_text.MissingPath:
        return None


def _told(findings: Iterable[Finding]) -> str:
    return json.dumps([[one.code, one.severity, list(one.path), one.message] for one in findings], indent=1)
