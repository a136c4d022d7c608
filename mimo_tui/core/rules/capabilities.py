"""Capabilities: retired, unknown, of the wrong type, in conflict (`lingtai-presets.md` §5)."""

from collections.abc import Iterator

from mimo_tui.core import preset as at
from mimo_tui.core.findings import Finding, Fix, Severity
from mimo_tui.core.json_text import Delete, Json, Path, Rename, Set
from mimo_tui.core.rules.document import KERNEL_BOOT, KERNEL_LOAD
from mimo_tui.core.rules.subject import Context, Rule, Subject
from mimo_tui.core.text import clean

SKIPPED = "Lingtai's kernel skips such a capability and goes on without it (lingtai-presets.md §5)"


BLOCKS = "an agent with both does not boot (lingtai-presets.md §5)"
HIDES_ALL = (
    "an agent with both does not boot, and Lingtai's screen shows no preset at all while they are there "
    "(lingtai-presets.md §2.1)"
)


def shape(subject: Subject, _context: Context) -> Iterator[Finding]:
    manifest = subject.preset.document.get("manifest")
    if not isinstance(manifest, dict) or "capabilities" not in manifest:
        return
    if not isinstance(manifest["capabilities"], dict):
        fix = Fix("empty-capabilities", "write an empty object", (Set(at.CAPABILITIES, {}),))
        message = "capabilities is no object"
        yield Finding("capabilities-type", Severity.ERROR, at.CAPABILITIES, message, KERNEL_LOAD, (fix,))
        return
    for name, value in manifest["capabilities"].items():
        if value is None or isinstance(value, dict):
            continue
        path = (*at.CAPABILITIES, name)
        fixes = (_empty(path), _remove(path))
        if name == "skills":
            message = "the capability skills must be an object with paths"
            yield Finding("capability-type", Severity.ERROR, path, message, KERNEL_BOOT, fixes)
        else:
            message = f"the capability {clean(name)} must be an object, or null for off"
            yield Finding("capability-type", Severity.WARNING, path, message, SKIPPED, fixes)


def names(subject: Subject, context: Context) -> Iterator[Finding]:
    facts = context.lingtai
    capabilities = subject.preset.capabilities
    for name in capabilities:
        path = (*at.CAPABILITIES, name)
        current = facts.aliases.get(name)
        if current is not None:
            # Its own templates still write web_search; only a name that the screen rewrites is worth a word.
            if name in facts.rewritten_aliases and current not in capabilities:
                fix = Fix(f"rename-{name}", f"rename {name} to {current}", (Rename(path, current),))
                message = f"{name} is the old name of {current}"
                because = "Lingtai still reads it and renames it on its next save (lingtai-presets.md §5)"
                yield Finding("capability-old-name", Severity.INFO, path, message, because, (fix,))
        elif name in facts.retired_capabilities:
            message = f"the capability {name} is retired: {facts.retired_capabilities[name]}"
            yield Finding("capability-retired", Severity.WARNING, path, message, SKIPPED, (_remove(path),))
        elif name not in facts.capabilities:
            message = f"Lingtai knows no capability {clean(name)}"
            yield Finding("capability-unknown", Severity.WARNING, path, message, SKIPPED, (_remove(path),))


def conflict(subject: Subject, context: Context) -> Iterator[Finding]:
    capabilities = subject.preset.capabilities
    for old, current in context.lingtai.aliases.items():
        if (
            old in capabilities
            and current in capabilities
            and not _same(capabilities[old], capabilities[current])
        ):
            fixes = tuple(
                Fix(f"keep-{keep}", f"keep {keep}, remove {drop}", (Delete((*at.CAPABILITIES, drop)),))
                for keep, drop in ((current, old), (old, current))
            )
            message = f"{old} and {current} are one capability, set twice and differently"
            because = HIDES_ALL if old in context.lingtai.rewritten_aliases else BLOCKS
            yield Finding(
                "capability-conflict", Severity.ERROR, (*at.CAPABILITIES, old), message, because, fixes
            )


def web(subject: Subject, context: Context) -> Iterator[Finding]:
    for name in ("web_search", "web"):
        value = subject.preset.capabilities.get(name)
        provider = value.get("provider") if isinstance(value, dict) else None
        if isinstance(provider, str) and provider in context.lingtai.web_providers_refused:
            path = (*at.CAPABILITIES, name)
            default = context.lingtai.web_provider_default
            fix = Fix("web-default", f"search with {default}", (Set(path, {"provider": default}),))
            message = f"{clean(provider)} is no longer a provider of web search"
            yield Finding(
                "web-provider-retired", Severity.WARNING, path, message, SKIPPED, (fix, _remove(path))
            )


def skills(subject: Subject, _context: Context) -> Iterator[Finding]:
    value = subject.preset.capabilities.get("skills")
    if not isinstance(value, dict) or value.get("paths") is None:
        return
    paths = value["paths"]
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        message = "skills.paths must be a list of texts"
        path = (*at.CAPABILITIES, "skills", "paths")
        fixes = (
            (Fix("list-skills-paths", "make it a list of that one path", (Set(path, [paths]),)),)
            if isinstance(paths, str)
            else ()
        )
        yield Finding("skills-paths-type", Severity.ERROR, path, message, KERNEL_BOOT, fixes)


RULES: tuple[Rule, ...] = (shape, names, conflict, web, skills)


def _same(one: Json, other: Json) -> bool:
    """Compare as JSON, where true is not 1: Lingtai's screen does too."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other


def _empty(path: Path) -> Fix:
    return Fix(f"empty-{_dashed(path)}", "write an empty object", (Set(path, {}),))


def _remove(path: Path) -> Fix:
    return Fix(f"remove-{_dashed(path)}", f"remove {clean(str(path[-1]))}", (Delete(path),))


def _dashed(path: Path) -> str:
    return clean(str(path[-1])).replace("_", "-")
