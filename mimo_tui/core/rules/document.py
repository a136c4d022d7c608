"""The shape of the document: what Lingtai's screen and its kernel refuse (`lingtai-presets.md` §2)."""

from collections.abc import Iterator

from mimo_tui.core import preset as at
from mimo_tui.core.findings import Finding, Fix, Severity
from mimo_tui.core.json_text import Delete, Edit, Json, Rename, Set
from mimo_tui.core.preset import Source
from mimo_tui.core.rules.subject import Context, Rule, Subject
from mimo_tui.core.text import clean

KERNEL_LOAD = "Lingtai's kernel refuses to load such a preset (lingtai-presets.md §2)"
KERNEL_BOOT = "an agent with such a preset does not boot (lingtai-presets.md §2)"
SCREEN_SAVE = "Lingtai's screen refuses to save it so (lingtai-presets.md §2)"
NAMES = "Lingtai shows and saves a preset by the name inside the file (lingtai-presets.md §1.3)"


def name_is_usable(name: str) -> bool:
    """Tell whether Lingtai saves a preset so named: not blank, not `.` or `..`, without `/` and `\\`."""
    return bool(name.strip()) and name not in (".", "..") and not set(name) & {"/", "\\", "\0"}


def name(subject: Subject, _context: Context) -> Iterator[Finding]:
    document = subject.preset.document
    fixes = (
        (Fix("name-from-file", f"name it {clean(subject.stem)}, as the file", (Set(at.NAME, subject.stem),)),)
        if name_is_usable(subject.stem)
        else ()
    )
    value = document.get("name")
    if value is not None and not isinstance(value, str):
        yield Finding(
            "name-type",
            Severity.ERROR,
            at.NAME,
            f"the name is {kind_of(value)}, not text",
            _screen_skips(),
            fixes,
        )
    elif value is None or not value.strip():
        yield Finding("name-missing", Severity.ERROR, at.NAME, "the preset has no name", NAMES, fixes)
    elif not name_is_usable(value):
        message = f"the name {clean(value)} would leave the folder of presets"
        yield Finding("name-escapes", Severity.ERROR, at.NAME, message, SCREEN_SAVE, fixes)
    elif value != subject.stem:
        message = f"the file is {clean(subject.stem)}.json, the name inside is {clean(value)}"
        because = f"{NAMES}: saving there writes a second file"
        yield Finding("name-differs-from-file", Severity.WARNING, at.NAME, message, because, fixes)


def description(subject: Subject, _context: Context) -> Iterator[Finding]:
    value = subject.preset.document.get("description")
    stand_in = subject.preset.model or subject.preset.name or subject.stem
    if isinstance(value, str):
        fix = Fix(
            "description-to-object",
            "put the text under summary",
            (Set(at.DESCRIPTION, {"summary": value or stand_in}),),
        )
        message = "the description is plain text, not an object with a summary"
        yield Finding("description-type", Severity.ERROR, at.DESCRIPTION, message, KERNEL_LOAD, (fix,))
    elif not isinstance(value, dict):
        fix = Fix(
            "add-summary",
            f"describe it as “{clean(stand_in)}”",
            (Set(at.DESCRIPTION, {"summary": stand_in}),),
        )
        message = "there is no description" if value is None else f"the description is {kind_of(value)}"
        yield Finding("description-type", Severity.ERROR, at.DESCRIPTION, message, KERNEL_LOAD, (fix,))
    elif not isinstance(value.get("summary"), str) or not value["summary"]:
        fix = Fix("add-summary", f"describe it as “{clean(stand_in)}”", (Set(at.SUMMARY, stand_in),))
        yield Finding(
            "summary-missing",
            Severity.ERROR,
            at.SUMMARY,
            "the summary is empty or no text",
            KERNEL_LOAD,
            (fix,),
        )


def tier(subject: Subject, context: Context) -> Iterator[Finding]:
    value = _member(subject.preset.document.get("description"), "tier")
    if value is None or (isinstance(value, str) and value in context.lingtai.tiers):
        return
    remove = Fix("remove-tier", "remove the tier", (Delete(at.TIER),))
    fixes: tuple[Fix, ...] = (remove,)
    if isinstance(value, int) and not isinstance(value, bool) and str(value) in context.lingtai.tiers:
        fixes = (
            Fix("tier-to-text", f'write the tier as the text "{value}"', (Set(at.TIER, str(value)),)),
            remove,
        )
    message = f"the tier is {_shown(value)}; it must be one of the texts {_choices(context.lingtai.tiers)}"
    yield Finding(
        "tier-type",
        Severity.ERROR,
        at.TIER,
        message,
        f"{KERNEL_LOAD}; its screen drops the tier silently",
        fixes,
    )


def manifest(subject: Subject, context: Context) -> Iterator[Finding]:
    document = subject.preset.document
    value = document.get("manifest")
    if not isinstance(value, dict):
        odd = next((key for key in document if key.lower() == "manifest" and key != "manifest"), None)
        fixes = (
            (Fix("rename-manifest", f"rename {clean(odd)} to manifest", (Rename((odd,), "manifest"),)),)
            if odd is not None and "manifest" not in document
            else ()
        )
        message = "there is no manifest" if value is None else f"the manifest is {kind_of(value)}"
        yield Finding("manifest-missing", Severity.ERROR, at.MANIFEST, message, KERNEL_LOAD, fixes)
        return
    llm = value.get("llm")
    if not isinstance(llm, dict):
        message = "the manifest has no llm" if llm is None else f"manifest.llm is {kind_of(llm)}"
        yield Finding("manifest-missing", Severity.ERROR, at.LLM, message, KERNEL_LOAD)
        return
    provider = llm.get("provider")
    if isinstance(provider, str) and provider and provider.lower() not in context.lingtai.known_providers:
        close = ", ".join(context.lingtai.providers)
        because = f"Lingtai has no adapter of that name; it has {close} (lingtai-presets.md §3, §5)"
        message = f"Lingtai knows no provider {clean(provider)}"
        yield Finding("provider-unknown", Severity.WARNING, at.PROVIDER, message, because)
    for code, path in (("provider-missing", at.PROVIDER), ("model-missing", at.MODEL)):
        if not isinstance(llm.get(str(path[-1])), str) or not llm[str(path[-1])]:
            yield Finding(code, Severity.ERROR, path, f"no {path[-1]} is set", KERNEL_LOAD)


def llm_types(subject: Subject, _context: Context) -> Iterator[Finding]:
    llm = subject.llm
    key = llm.get("api_key")
    if key is not None and not isinstance(key, str):
        fix = Fix("clear-api-key", "set api_key to null", (Set(at.INLINE_KEY, None),))
        message = f"api_key is {kind_of(key)}, not text"
        yield Finding("api-key-type", Severity.ERROR, at.INLINE_KEY, message, KERNEL_BOOT, (fix,))
    threshold = llm.get("compact_threshold")
    if threshold is not None and not _is_positive(threshold):
        fix = Fix("remove-compact-threshold", "remove compact_threshold", (Delete(at.COMPACT_THRESHOLD),))
        message = f"compact_threshold is {_shown(threshold)}; it must be a whole number above 0, or null"
        yield Finding(
            "compact-threshold-type", Severity.ERROR, at.COMPACT_THRESHOLD, message, KERNEL_BOOT, (fix,)
        )
    if not isinstance(llm.get("service_tier", ""), str):
        fix = Fix("remove-service-tier", "remove service_tier", (Delete(at.SERVICE_TIER),))
        message = f"service_tier is {kind_of(llm['service_tier'])}, not text"
        yield Finding("service-tier-type", Severity.ERROR, at.SERVICE_TIER, message, KERNEL_BOOT, (fix,))
    compat = llm.get("api_compat")
    if compat is not None and (not isinstance(compat, str) or compat not in ("", "openai", "anthropic")):
        fix = Fix("remove-api-compat", "remove api_compat", (Delete(at.API_COMPAT),))
        message = f"api_compat is {_shown(compat)}; Lingtai knows openai and anthropic"
        because = "custom hosts are spoken to by api_compat (lingtai-presets.md §2)"
        yield Finding("api-compat-unknown", Severity.WARNING, at.API_COMPAT, message, because, (fix,))


def wire_api(subject: Subject, context: Context) -> Iterator[Finding]:
    llm = subject.llm
    if "wire_api" not in llm:
        return
    value, fix = llm["wire_api"], Fix("remove-wire-api", "remove wire_api", (Delete(at.WIRE_API),))
    if not isinstance(value, str) or value not in context.lingtai.wire_apis:
        message = f"wire_api is {_shown(value)}; it must be one of {_choices(context.lingtai.wire_apis)}"
        yield Finding("wire-api-refused", Severity.ERROR, at.WIRE_API, message, KERNEL_BOOT, (fix,))
    # The kernel reads an api_compat of null as a form of that name, and no wire can be chosen for it.
    elif value != "auto" and not context.lingtai.takes_wire_api(
        subject.preset.provider, str(llm.get("api_compat", ""))
    ):
        message = f"wire_api {value} cannot be chosen for provider {clean(subject.preset.provider)}"
        yield Finding("wire-api-refused", Severity.ERROR, at.WIRE_API, message, KERNEL_BOOT, (fix,))


def thinking(subject: Subject, context: Context) -> Iterator[Finding]:
    llm = subject.llm
    if "thinking" not in llm:
        return
    value, fix = llm["thinking"], Fix("remove-thinking", "remove thinking", (Delete(at.THINKING),))
    if subject.preset.provider.lower() not in context.lingtai.thinking_providers:
        message = f"thinking cannot be set for provider {clean(subject.preset.provider)}"
        because = f"{KERNEL_LOAD}: it takes thinking for {_choices(context.lingtai.thinking_providers)} only"
        yield Finding("thinking-refused", Severity.ERROR, at.THINKING, message, because, (fix,))
    elif not isinstance(value, str) or value not in context.lingtai.thinking_levels:
        message = (
            f"thinking is {_shown(value)}; it must be one of {_choices(context.lingtai.thinking_levels)}"
        )
        yield Finding("thinking-refused", Severity.ERROR, at.THINKING, message, KERNEL_LOAD, (fix,))


def legacy_context_limit(subject: Subject, _context: Context) -> Iterator[Finding]:
    llm, limit = subject.llm, _member(subject.preset.document.get("manifest"), "context_limit")
    if limit is None:
        return
    settled = llm.get("context_limit") is not None
    edits: list[Edit] = [Delete(at.LEGACY_CONTEXT_LIMIT)]
    if not settled:
        edits.append(Set(at.CONTEXT_LIMIT, limit))
    # A limit that is refused where it lies would be refused in its new place too.
    movable = settled or (llm and _is_positive(limit))
    fix = Fix("move-context-limit", "move context_limit into manifest.llm", tuple(edits))
    message = "context_limit lies in its old place"
    because = "its place is manifest.llm; both readers still move it in memory (lingtai-presets.md §2)"
    yield Finding(
        "context-limit-legacy",
        Severity.INFO,
        at.LEGACY_CONTEXT_LIMIT,
        message,
        because,
        (fix,) if movable else (),
    )


def context_limit(subject: Subject, _context: Context) -> Iterator[Finding]:
    path = at.context_limit_path(subject.preset.document)
    holder = subject.llm if path == at.CONTEXT_LIMIT else subject.preset.document.get("manifest")
    value = holder.get("context_limit") if isinstance(holder, dict) else None
    if value is None:
        return
    remove = Fix("remove-context-limit", "remove context_limit", (Delete(path),))
    fixes: tuple[Fix, ...] = (remove,)
    if isinstance(value, bool) or not isinstance(value, int):
        if isinstance(value, float) and value.is_integer() and value > 0:
            # 1000.0 and 1000 are equal in JSON, so setting one over the other would leave it as it is.
            rewritten = (Delete(path), Set(path, int(value)))
            fixes = (Fix("context-limit-to-integer", f"write it as {int(value)}", rewritten), remove)
        message = f"context_limit is {_shown(value)}; it must be a whole number"
        because = SCREEN_SAVE if isinstance(value, bool) else KERNEL_LOAD
        yield Finding("context-limit-type", Severity.ERROR, path, message, because, fixes)
    elif value <= 0:
        message = f"context_limit is {value}; it must be above 0"
        yield Finding("context-limit-type", Severity.ERROR, path, message, SCREEN_SAVE, (remove,))
    elif value >= 2**53:
        message = f"context_limit {value} is larger than Lingtai's screen can keep exactly"
        because = "its screen reads it as a 64-bit float and loses digits from 2^53 (lingtai-presets.md §2.1)"
        yield Finding("context-limit-inexact", Severity.WARNING, path, message, because, (remove,))


def tags(subject: Subject, context: Context) -> Iterator[Finding]:
    document = subject.preset.document
    value = document.get("tags")
    if value is None:
        return
    edits: list[Edit] = [Delete(at.TAGS)]
    described = document.get("description")
    found = [str(tag)[5:] for tag in value if str(tag).startswith("tier:")] if isinstance(value, list) else []
    if (
        found
        and found[0] in context.lingtai.tiers
        and isinstance(described, dict)
        and "tier" not in described
    ):
        edits.append(Set(at.TIER, found[0]))
    fix = Fix("remove-tags", "move the tier out of tags and remove them", tuple(edits))
    because = "Lingtai's screen ignores tags and drops them on its next save (lingtai-presets.md §2)"
    yield Finding("tags-legacy", Severity.INFO, at.TAGS, "tags are a thing of the past", because, (fix,))


def odd_case(subject: Subject, _context: Context) -> Iterator[Finding]:
    document = subject.preset.document
    for member in document:
        name = member.lower()
        if member in ("name", "description", "manifest") or name not in ("name", "description", "manifest"):
            continue
        if name == "manifest" and name not in document:
            continue  # `manifest` names it already
        path = (member,)
        fix = (
            Fix(f"remove-{clean(member)}", f"remove {clean(member)}", (Delete(path),))
            if name in document
            else Fix(f"rename-{clean(member)}", f"rename {clean(member)} to {name}", (Rename(path, name),))
        )
        message = f"{clean(member)} is {name} to Lingtai's screen, and nothing to its kernel"
        because = (
            "the screen takes top-level names in any case, the kernel as written (lingtai-presets.md §2.1)"
        )
        yield Finding("member-case", Severity.WARNING, path, message, because, (fix,))


def unknown_members(subject: Subject, _context: Context) -> Iterator[Finding]:
    known = ("name", "description", "manifest", "tags")
    lost = [key for key in subject.preset.document if key not in known and key.lower() not in known[:3]]
    if lost:
        message = f"Lingtai's screen would lose {', '.join(clean(key) for key in lost)} on its next save"
        because = (
            "it keeps no top-level members that it does not know (lingtai-presets.md §2.2); we keep them"
        )
        yield Finding("members-at-risk", Severity.INFO, (lost[0],), message, because)


def place(subject: Subject, _context: Context) -> Iterator[Finding]:
    match subject.source:
        case Source.LEGACY:
            message = "the file lies in the old, flat place; clone it to presets/saved to see it in Lingtai"
            because = "Lingtai's screen neither lists nor loads it, its kernel does (lingtai-presets.md §1.1)"
            yield Finding("legacy-place", Severity.WARNING, (), message, because)
        case Source.TEMPLATE:
            message = "a template: a change to it is saved as a copy of its own"
            because = "Lingtai writes its templates anew on every launch (lingtai-presets.md §1.1)"
            yield Finding("template", Severity.INFO, (), message, because)
        case Source.SAVED:
            pass


RULES: tuple[Rule, ...] = (
    name,
    description,
    tier,
    manifest,
    llm_types,
    wire_api,
    thinking,
    legacy_context_limit,
    context_limit,
    tags,
    odd_case,
    unknown_members,
    place,
)


def _member(value: Json, key: str) -> Json:
    return value.get(key) if isinstance(value, dict) else None


def _screen_skips() -> str:
    return "Lingtai's screen cannot load the file and leaves it out of its list (lingtai-presets.md §2)"


def _is_positive(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def kind_of(value: Json) -> str:
    """Say in words what a value is, without showing it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "an object"


def _shown(value: Json) -> str:
    return clean(repr(value) if isinstance(value, str | int | float) else kind_of(value))


def _choices(values: object) -> str:
    return ", ".join(str(value) for value in values) if isinstance(values, tuple | list) else str(values)


def _dashed(part: str | int) -> str:
    return str(part).replace("_", "-")
