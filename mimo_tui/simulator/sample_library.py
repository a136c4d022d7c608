"""A library as real people have it: good presets, old ones, broken ones, and keys that are none.

`--demo` opens it, and the tests read it. The rows are those of `lingtai-presets.md` §11; a preset whose row
does not say otherwise lies there byte for byte as Lingtai's screen writes it (§2.2).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TypeAlias

from mimo_tui.core.json_text import Json

ENV = """\
# keys
XIAOMI_API_KEY=sk-fake0001
MIMO_1_API_KEY="tp-fake0002"
export MIMO_2_API_KEY=tp-fake0003
MIMO_1_API_KEY=tp-fake0004
MIMO_01_API_KEY=x
ZHIPU_INTL_1_API_KEY=abc # work
LINGTAI_SOUL_FLOW_ENABLED=1
BROKEN LINE
KIMI_1_API_KEY=
"""
"""The `.env` of §11: its readers disagree on four of its names."""

AGENT = "assistant"
ACTIVE = "~/.lingtai-tui/presets/saved/mimo-1.json"
ALLOWED = (ACTIVE, "~/.lingtai-tui/presets/saved/mimo-pro.json")

_PAY_AS_YOU_GO = "https://api.xiaomimimo.com/v1"
_SINGAPORE = "https://token-plan-sgp.xiaomimimo.com/v1"
_OPENCODE_GO = "https://opencode.ai/zen/go/v1"

_Fields: TypeAlias = Mapping[str, Json]
_NONE: _Fields = MappingProxyType({})
_INHERIT: Json = {"provider": "inherit"}
_BASIC: _Fields = {
    "skills": {"paths": ["../.library_shared", "~/.lingtai-tui/utilities"]},
    "web_search": {"provider": "duckduckgo"},
}
_SKILLS: _Fields = {"skills": _BASIC["skills"]}


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry: its row in §11 and its place below `presets`.

    `content` is the bytes of a file, the target of a link, or None for a folder.
    """

    row: int
    place: str
    content: bytes | PurePosixPath | None


def samples() -> tuple[Sample, ...]:
    """Give every entry of the library, templates first."""
    return (
        *_templates(),
        *_good(),
        *_legacy(),
        *_keys(),
        *_unreadable(),
        *_odd_text(),
        *_links(),
        *_odd_fields(),
    )


def fixture_names() -> tuple[str, ...]:
    """Give the place of every entry below `presets`, such as `saved/mimo-1.json`."""
    return tuple(sample.place for sample in samples())


def build(home: Path, *, keys: bool = True) -> Path:
    """Write the sample library below `home` and give its `.lingtai-tui`. Without `keys` no slot has a key.

    Two calls write the same bytes; only the registry of projects depends on `home`. Links are left out where
    the system has none. Raises FileExistsError where a library is already: it may be a real one.
    """
    lingtai = home / ".lingtai-tui"
    lingtai.mkdir(parents=True)
    _write(
        lingtai / "shared" / "x.json", lingtai_bytes(_mimo("link", "Shared by a team, found through a link"))
    )
    for sample in samples():
        _place(lingtai / "presets" / sample.place, sample.content)
    _write(
        lingtai / "tui_config.json", _indented({"language": "en", "mail_page_size": 200, "insights": False})
    )
    if keys:
        mirror: Json = {"MIMO_1_API_KEY": "tp-fake0004", "XIAOMI_API_KEY": "sk-fake0001"}
        _write(lingtai / ".env", ENV.encode(), mode=0o600)
        _write(lingtai / "config.json", _indented({"keys": mirror}), mode=0o600)
    project = home / "projects" / "demo"
    _write(project / ".lingtai" / AGENT / "init.json", _indented(_agent()))
    _write(
        lingtai / "registry.jsonl", json.dumps({"path": str(project)}, ensure_ascii=False).encode() + b"\n"
    )
    return lingtai


def lingtai_bytes(preset: _Fields) -> bytes:
    """Give a preset as Lingtai's screen writes it: top level in the order given, all else sorted (§2.2)."""
    text = json.dumps({name: _sorted(value) for name, value in preset.items()}, indent=2, ensure_ascii=False)
    return text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}).encode()


# The rows of §11, by what they are there for.


def _templates() -> Iterator[Sample]:
    pinned: Json = {"provider": "mimo", "model": "mimo-v2.5"}
    minimax: Json = {"provider": "minimax", "api_key_env": "MINIMAX_API_KEY"}
    gemini: Json = {"provider": "gemini", "api_key_env": "GEMINI_API_KEY"}
    yield _template(
        1,
        "mimo",
        "Xiaomi MiMo V2.5: sees images, uses tools, remembers a shelf of books",
        _openai("mimo", "mimo-v2.5", "XIAOMI_API_KEY", _PAY_AS_YOU_GO),
        {**_BASIC, "vision": pinned},
    )
    yield _template(
        5,
        "minimax",
        "MiniMax M3: sees images, searches the web",
        _llm("minimax", "MiniMax-M3", "MINIMAX_API_KEY", base_url="https://api.minimaxi.com/anthropic"),
        {**_SKILLS, "vision": minimax, "web_search": minimax},
    )
    yield _template(
        7,
        "deepseek",
        "DeepSeek V4 Pro: text only, uses tools",
        _openai("deepseek", "deepseek-v4-pro", "DEEPSEEK_API_KEY", "https://api.deepseek.com"),
    )
    yield _template(
        8,
        "openrouter",
        "OpenRouter: one key for the models of many companies",
        _llm("openrouter", "z-ai/glm-5.1", "OPENROUTER_API_KEY", base_url=None),
    )
    for name, accounts in (
        ("codex", "one ChatGPT account"),
        ("codex-pool", "several ChatGPT accounts in turn"),
    ):
        own: Json = {"provider": name, "api_key_env": ""}
        address = "https://chatgpt.com/backend-api/codex"
        yield _template(
            9,
            name,
            f"Codex through {accounts}: a login, no key",
            _llm(name, "gpt-5.6-sol", "", base_url=address, thinking="xhigh"),
            {**_SKILLS, "vision": own, "web_search": own},
        )
    yield _template(
        10, "claude", "Claude Code as it is logged in here", _llm("claude-code", "opus", ""), _SKILLS
    )
    yield _template(
        11,
        "custom",
        "Any other OpenAI-compatible service: fill in its model and address",
        _llm("custom", "", "LLM_API_KEY", base_url=None, api_compat="openai"),
        {**_SKILLS, "vision": _INHERIT, "web_search": {}},
    )
    yield _template(
        13,
        "gemini",
        "Gemini 3 Flash: sees images, uses tools",
        _llm("gemini", "gemini-3-flash-preview", "GEMINI_API_KEY"),
        {**_BASIC, "vision": gemini},
        tier="3",
    )
    for name, summary, model, slot, address, more in (
        (
            "kimi",
            "a subscription for code",
            "kimi-for-coding",
            "KIMI_CODE_API_KEY",
            "https://api.kimi.com/coding/v1",
            "3",
        ),
        ("grok", "through an OpenCode Go subscription", "grok-4.5", "OPENCODE_GO_API_KEY", _OPENCODE_GO, "3"),
    ):
        yield _template(
            13, name, f"{name.title()}: {summary}", _openai(name, model, slot, address), tier=more
        )
    nvidia = "https://integrate.api.nvidia.com/v1"
    yield _template(
        13,
        "nvidia",
        "NVIDIA's catalogue of open models, free to try",
        _openai("nvidia", "meta/llama-3.3-70b-instruct", "NVIDIA_API_KEY", nvidia),
    )


def _good() -> Iterator[Sample]:
    zhipu: Json = {"provider": "zhipu", "api_key_env": "ZHIPU_INTL_1_API_KEY"}
    yield _saved(2, _mimo_1())
    yield _saved(
        3,
        _mimo(
            "mimo-pro",
            "The strong MiMo, paid by the token",
            {"model": "mimo-v2.5-pro"},
            {"vision": {"provider": "mimo"}},
        ),
    )
    yield _saved(
        4,
        _mimo(
            "mimo-go",
            "MiMo through an OpenCode Go subscription",
            {"base_url": _OPENCODE_GO, "api_key_env": "OPENCODE_GO_API_KEY"},
        ),
    )
    yield _saved(
        6,
        _preset(
            "zhipu-1",
            "GLM 5.2 on the international coding plan",
            _openai("zhipu", "GLM-5.2", "ZHIPU_INTL_1_API_KEY", "https://api.z.ai/api/coding/paas/v4"),
            {**_SKILLS, "web_search": zhipu},
        ),
    )
    yield _saved(
        12,
        _preset(
            "GLM5.1",
            "GLM 5.1 through a proxy on this machine",
            _llm(
                "custom",
                "GLM-5.1",
                "CUSTOM_6_API_KEY",
                base_url="http://127.0.0.1:34891",
                api_compat="anthropic",
            ),
            {"vision": _INHERIT, "library": {"library_limit": 50}},
        ),
    )


def _legacy() -> Iterator[Sample]:
    manifest: Json = {
        "llm": dict(_openai("mimo", "mimo-v2.5", "MIMO_API_KEY", _PAY_AS_YOU_GO)),
        "context_limit": 1000000,
        "capabilities": {"read": {}, "write": {}, "edit": {}, "bash": {"yolo": True}, "library": {}},
    }
    preset: Json = {"name": "mimo", "description": "old text", "tags": ["tier:4"], "manifest": manifest}
    yield Sample(14, "mimo.json", _indented(preset))


def _keys() -> Iterator[Sample]:
    yield _saved(15, _mimo("no-slot", "No slot for the key: the field is empty", {"api_key_env": ""}))
    yield _saved(15, _mimo("no-slot-absent", "No slot for the key: no such field", without="api_key_env"))
    yield _saved(15, _mimo("no-slot-null", "No slot for the key: the field is null", {"api_key_env": None}))
    inline: _Fields = {"api_key": "sk-fake0016", "api_key_env": "MIMO_9_API_KEY"}
    yield _saved(16, _mimo("inline", "The key is in the preset itself; its slot is empty", inline))


def _unreadable() -> Iterator[Sample]:
    def good(name: str, summary: str) -> str:
        return lingtai_bytes(_mimo(name, summary)).decode()

    def commented(name: str) -> bytes:
        opening, rest = good(name, "With a comment and a comma too many").split("\n", 1)
        return (f"{opening}\n  // why\n" + rest.removesuffix("\n}") + ",\n}\n").encode()

    yield Sample(17, "saved/bom.json", f"\ufeff{good('bom', 'Begins with a byte order mark')}".encode())
    yield Sample(17, "saved/commented.json", commented("commented"))
    yield Sample(17, "saved/note.jsonc", commented("note"))
    yield Sample(18, "saved/broken.json", good("broken", "Cut off in the middle").encode()[:300])
    yield Sample(18, "saved/empty.json", b"")
    yield Sample(18, "saved/list.json", b"[]")
    yield Sample(18, "saved/latin1.json", good("latin1", "A café in an old encoding").encode("latin-1"))


def _odd_text() -> Iterator[Sample]:
    summary = "Numbers that a careless program would change"
    llm: _Fields = {
        "context_limit": 9007199254740993,
        "seed": 123456789012345678901234567890,
        "ratio": 1000.0,
    }
    numbers = lingtai_bytes(_mimo("bigint", summary, llm)).replace(b'"ratio": 1000.0', b'"ratio": 1e3')
    yield Sample(19, "saved/bigint.json", numbers)
    yield _saved(20, _mimo("灵台 预设", 'Odd signs: <b>&"\nand a dragon 🐉'))
    manifest: Json = {
        "language": "en",
        "llm": {
            **_openai("mimo", "mimo-v2.5", "XIAOMI_API_KEY", _PAY_AS_YOU_GO),
            "temperature": 0.3,
            "default_headers": {"X-Team": "demo"},
        },
        "capabilities": dict(_BASIC),
    }
    unknown: Json = {
        "$schema": "https://example.com/preset.schema.json",
        "_comment": "keep this",
        "name": "unknown",
        "description": {"summary": "Written by hand, with fields of its own", "recommended_for": ["drafts"]},
        "manifest": manifest,
    }
    yield Sample(21, "saved/unknown.json", _indented(unknown) + b"\n")


def _links() -> Iterator[Sample]:
    yield Sample(22, "saved/link.json", PurePosixPath("../../shared/x.json"))
    yield Sample(22, "saved/dangling.json", PurePosixPath("../../shared/missing.json"))
    yield Sample(22, "saved/dir.json", None)


def _odd_fields() -> Iterator[Sample]:
    shell: _Fields = {"bash": {"yolo": True}, "shell": {"policy_file": "policy.json"}}
    alike: _Fields = {"bash": {"yolo": True}, "shell": {"yolo": True}}
    off: _Fields = {**shell, "vision": None, "web_search": True}
    yield _saved(
        23, _mimo("off", "Vision is off, the web is of a wrong type, two shells differ", capabilities=off)
    )
    yield _saved(23, _mimo("two-shells", "The shell under both of its names, alike", capabilities=alike))
    yield Sample(
        24, "saved/other-name.json", lingtai_bytes(_mimo("mimo", "Its name is not that of its file"))
    )
    evil = lingtai_bytes(_mimo("../evil", "Its name would leave the folder"))
    yield Sample(24, "saved/evil-name.json", evil)
    nameless = {name: value for name, value in _mimo("", "It has no name").items() if name != "name"}
    yield Sample(24, "saved/no-name.json", lingtai_bytes(nameless))
    skew: _Fields = {"thinking": "high", "wire_api": "chat_completions"}
    yield _saved(25, _mimo("skew", "Newer than the kernel that reads it", skew, tier=3))


def _agent() -> Json:
    """An agent that runs on `mimo-1`, with the copy of it that Lingtai makes (§1.2, §6)."""
    manifest = _mimo_1()["manifest"]
    copied = dict(manifest) if isinstance(manifest, dict) else {}
    llm = copied["llm"]
    limit = llm.pop("context_limit") if isinstance(llm, dict) else None
    return {
        "manifest": {
            "agent_name": AGENT,
            "language": "en",
            "preset": {"active": ACTIVE, "default": ACTIVE, "allowed": list(ALLOWED)},
            **copied,
            "context_limit": limit,
        },
        "env_file": "~/.lingtai-tui/.env",
        "covenant": "Be of use, and say what you do.",
        "pad": "",
    }


# What a preset is made of (§2).


def _template(
    row: int, name: str, summary: str, llm: _Fields, capabilities: _Fields = _BASIC, **more: Json
) -> Sample:
    preset = _preset(name, summary, llm, capabilities, **more)
    return Sample(row, f"templates/{name}.json", lingtai_bytes(preset))


def _saved(row: int, preset: _Fields) -> Sample:
    return Sample(row, f"saved/{preset['name']}.json", lingtai_bytes(preset))


def _preset(name: str, summary: str, llm: _Fields, capabilities: _Fields, **more: Json) -> dict[str, Json]:
    description: Json = {"summary": summary, **more}
    return {
        "name": name,
        "description": description,
        "manifest": {"llm": dict(llm), "capabilities": dict(capabilities)},
    }


def _llm(provider: str, model: str, slot: str, **more: Json) -> _Fields:
    return {"provider": provider, "model": model, "api_key": None, "api_key_env": slot, **more}


def _openai(provider: str, model: str, slot: str, base_url: str) -> _Fields:
    return _llm(provider, model, slot, base_url=base_url, api_compat="openai")


def _mimo_1() -> dict[str, Json]:
    return _mimo(
        "mimo-1",
        "The strong MiMo on a token plan; images go to MiMo V2.5",
        {"model": "mimo-v2.5-pro", "base_url": _SINGAPORE, "api_key_env": "MIMO_1_API_KEY"},
        tier="4",
        gains="推理更强，适合写代码",
    )


def _mimo(
    name: str,
    summary: str,
    llm: _Fields = _NONE,
    capabilities: _Fields = _NONE,
    *,
    without: str = "",
    **more: Json,
) -> dict[str, Json]:
    """A saved MiMo preset as in §2: `llm` and `capabilities` say what differs, `without` what is absent."""
    usual = _openai("mimo", "mimo-v2.5", "XIAOMI_API_KEY", _PAY_AS_YOU_GO)
    merged = {"context_limit": 1000000, **usual, **llm}
    merged.pop(without, None)
    vision: dict[str, Json] = {"provider": "mimo", "model": "mimo-v2.5"}
    if merged.get("api_key_env"):
        vision["api_key_env"] = merged["api_key_env"]
    return _preset(name, summary, merged, {**_BASIC, "vision": vision, **capabilities}, **more)


def _sorted(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _indented(value: Json) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def _place(path: Path, content: bytes | PurePosixPath | None) -> None:
    if content is None:
        path.mkdir(parents=True)
    elif isinstance(content, bytes):
        _write(path, content)
    else:
        try:
            path.symlink_to(content)
        except (OSError, NotImplementedError):  # Windows without the right to make links
            return


def _write(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=mode)
    path.write_bytes(content)
