"""A library of generated presets, as Lingtai would have written them."""

import json
from pathlib import Path

FIRST = "bench-0000"
_MODELS = ("mimo-v2.5", "mimo-v2.5-pro", "mimo-v2-omni")
_HOSTS = ("api", "token-plan-cn", "token-plan-sgp", "token-plan-ams")


def fill(home: Path, count: int) -> None:
    """Write `count` saved presets, `bench-0000` and on, and their keys under `home`."""
    saved = home / ".lingtai-tui" / "presets" / "saved"
    saved.mkdir(parents=True)
    for number in range(count):
        (saved / f"bench-{number:04}.json").write_bytes(lingtai_bytes(_preset(number)))
    kinds = ("sk", "tp", "tp", "tp")
    keys = (f"MIMO_{slot}_API_KEY={kinds[slot % 4]}-fake{slot:028}\n" for slot in range(0, count, 2))
    env = home / ".lingtai-tui" / ".env"
    env.touch(0o600)
    env.write_text("".join(keys), encoding="utf-8")


def lingtai_bytes(preset: dict[str, object]) -> bytes:
    """Give a preset as Lingtai writes it (`lingtai-presets.md` §2.2). Its keys must be in Lingtai's order."""
    text = json.dumps(preset, ensure_ascii=False, indent=2)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode()


def _preset(number: int) -> dict[str, object]:
    model, host, slot = _MODELS[number % 3], _HOSTS[number % 4], f"MIMO_{number}_API_KEY"
    vision: dict[str, object] = {"api_key_env": slot, "model": "mimo-v2.5", "provider": "mimo"}
    return {
        "name": f"bench-{number:04}",
        "description": {"summary": f"第 {number} 个预设 — research & notes", "tier": str(number % 5 + 1)},
        "manifest": {
            "capabilities": {
                "skills": {"paths": ["../.library_shared", "~/.lingtai-tui/utilities"]},
                **({"vision": vision} if number % 2 else {}),
                "web_search": {"provider": "duckduckgo"},
            },
            "llm": {
                "api_compat": "openai",
                "api_key": None,
                "api_key_env": slot,
                "base_url": f"https://{host}.xiaomimimo.com/v1",
                "context_limit": 1_000_000,
                "model": model,
                "provider": "mimo",
            },
        },
    }
