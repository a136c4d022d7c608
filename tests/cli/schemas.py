"""The JSON documents that scripts hold on to, as schemas, and a checker for as much of JSON Schema as they use."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias, cast

from mimo_tui.core.json_text import Json

Schema: TypeAlias = Mapping[str, object]

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
    "array": list,
    "object": dict,
}


class Mismatch(AssertionError):
    """A document is not of its schema; the text says where and why."""


def validate(document: Json, schema: Schema) -> None:
    """Raise Mismatch with every fault of the document."""
    faults = list(_faults(document, schema, "$"))
    if faults:
        raise Mismatch("\n".join(faults))


def _faults(value: Json, schema: Schema, at: str) -> Iterator[str]:
    kinds = schema.get("type")
    names = [kinds] if isinstance(kinds, str) else cast("list[str]", kinds or [])
    if names and not any(_is_a(value, name) for name in names):
        yield f"{at} is {value!r}, not {' or '.join(names)}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{at} is {value!r}, not {schema['const']!r}"
    if "enum" in schema and value not in cast("list[Json]", schema["enum"]):
        yield f"{at} is {value!r}, none of {schema['enum']!r}"
    if isinstance(value, str) and not re.search(cast("str", schema.get("pattern", "")), value):
        yield f"{at} is {value!r}, not like {schema['pattern']}"
    if isinstance(value, list):
        for number, member in enumerate(value):
            yield from _faults(member, cast("Schema", schema.get("items", {})), f"{at}[{number}]")
    if isinstance(value, dict):
        properties = cast("Mapping[str, Schema]", schema.get("properties", {}))
        others = cast("Schema | bool", schema.get("additionalProperties", True))
        yield from (
            f"{at} has no {name}"
            for name in cast("list[str]", schema.get("required", []))
            if name not in value
        )
        for name, member in value.items():
            if name in properties:
                yield from _faults(member, properties[name], f"{at}.{name}")
            elif others is False:
                yield f"{at} has the unknown member {name}"
            elif not isinstance(others, bool):
                yield from _faults(member, others, f"{at}.{name}")


def _is_a(value: Json, name: str) -> bool:
    if isinstance(value, bool) and name in ("integer", "number"):
        return False
    return isinstance(value, _TYPES[name])


def _object(**properties: Schema) -> Schema:
    """An object with exactly these members."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
FLAG: Schema = {"type": "boolean"}
VERSION: Schema = {"const": 1, "type": "integer"}
MASKED: Schema = {"type": ["string", "null"], "pattern": "^•{6}.{0,4}$"}
SOURCE: Schema = {"enum": ["process", "env-file", "config", "inline", None]}

KEY = _object(present=FLAG, kind={"enum": ["sk", "tp", "ttp", None]}, source=SOURCE, masked=MASKED)
FINDING = _object(
    code={"type": "string", "pattern": "^[a-z][a-z-]*$"},
    severity={"enum": ["error", "warning", "info"]},
    path=TEXT,
    message=TEXT,
    because=TEXT,
    fixes=_list(_object(id=TEXT, title=TEXT)),
)
PRESET = _object(
    name=TEXT,
    path=TEXT,
    source={"enum": ["saved", "template", "legacy"]},
    provider=MAYBE_TEXT,
    model=MAYBE_TEXT,
    base_url=MAYBE_TEXT,
    request_url=MAYBE_TEXT,
    agent_url=MAYBE_TEXT,
    family=MAYBE_TEXT,
    cluster=MAYBE_TEXT,
    slot=MAYBE_TEXT,
    key=KEY,
    capabilities=_list(TEXT),
    findings=_list(FINDING),
    error=MAYBE_TEXT,
)
PRESETS = _object(schema=VERSION, presets=_list(PRESET), findings=_list(FINDING))
PLAN = _object(
    schema=VERSION,
    kind={"enum": ["edit", "copy", "rename", "delete"]},
    label=TEXT,
    path=TEXT,
    original=TEXT,
    applied=FLAG,
    diff=_list({"type": "string", "pattern": "^[-+ @]"}),
    before=_list(FINDING),
    after=_list(FINDING),
    blocking=_list(FINDING),
    warnings=_list(TEXT),
)
CHANGE = _object(
    id={"type": "string", "pattern": "^[0-9]{8}T[0-9.]+Z-[0-9a-f]{8}$"},
    at=TEXT,
    label=TEXT,
    state={"enum": ["done", "undone"]},
    paths=_list(TEXT),
)
HISTORY = _object(schema=VERSION, changes=_list(CHANGE))
DIFF = _object(schema=VERSION, change=CHANGE, diff=_list({"type": "string", "pattern": "^[-+ @]"}))
TAKEN_BACK = _object(schema=VERSION, change=TEXT, applied={"const": True})
LABEL: Schema = {"enum": ["belongs", "several accept", "wrong family", "revoked or unknown", "undetermined"]}
FAMILY: Schema = {"enum": ["pay-as-you-go", "token-plan"]}
REMEMBERED: Schema = {
    **_object(
        label=LABEL,
        title=TEXT,
        family=FAMILY,
        host=MAYBE_TEXT,
        cluster=MAYBE_TEXT,
        at=TEXT,
        simulated=FLAG,
    ),
    "type": ["object", "null"],
}
SLOT = _object(
    slot=TEXT,
    key=KEY,
    mimo=FLAG,
    rule=MAYBE_TEXT,
    places=_list(SOURCE),
    lines=_list({"type": "integer"}),
    presets=_list(TEXT),
    disagreement=MAYBE_TEXT,
    findings=_list(FINDING),
    verdict=REMEMBERED,
)
KEYS = _object(schema=VERSION, keys=_list(SLOT), findings=_list(FINDING))
KEY_PLAN = _object(
    schema=VERSION,
    slot={"type": "string", "pattern": "^[A-Z0-9_]+$"},
    kind={"enum": ["sk", "tp", "ttp", None]},
    path=TEXT,
    label=TEXT,
    applied=FLAG,
    diff=_list({"type": "string", "pattern": "^[-+ @]"}),
    warnings=_list(TEXT),
)
API_ERROR: Schema = {
    **_object(code=TEXT, message=TEXT, param=TEXT, type=TEXT),
    "type": ["object", "null"],
}
EXCHANGE = _object(
    method={"enum": ["GET", "POST"]},
    url={"type": "string", "pattern": "^https?://"},
    host=TEXT,
    at=TEXT,
    status={"type": ["integer", "null"]},
    failure=MAYBE_TEXT,
    reason=MAYBE_TEXT,
    milliseconds={"type": "integer"},
    attempts={"type": "integer"},
    content_type=MAYBE_TEXT,
    location=MAYBE_TEXT,
    body=TEXT,
    error=API_ERROR,
    simulated=FLAG,
)
PROBE = _object(
    host=TEXT,
    cluster=MAYBE_TEXT,
    base_url={"type": "string", "pattern": "^https://"},
    reading=TEXT,
    meaning=TEXT,
    models=_list(TEXT),
    exchange=EXCHANGE,
)
VERDICT = _object(
    label=LABEL,
    title=TEXT,
    host=MAYBE_TEXT,
    cluster=MAYBE_TEXT,
    grounds=_list(TEXT),
    remedy=TEXT,
)
MISPLACED = _object(preset=TEXT, says=TEXT, base_url=MAYBE_TEXT, plan={**PLAN, "type": ["object", "null"]})
CHECK = _object(
    slot=TEXT,
    key=KEY,
    rule=TEXT,
    family=FAMILY,
    at=TEXT,
    milliseconds={"type": "integer"},
    simulated=FLAG,
    hosts=_list(PROBE),
    verdict=VERDICT,
    findings=_list(FINDING),
    misplaced=_list(MISPLACED),
)
CHECKS = _object(
    schema=VERSION,
    simulated=FLAG,
    checks=_list(CHECK),
    not_checked=_list(_object(slot=TEXT, reason=TEXT, families=_list(FAMILY))),
)
DIAGNOSIS: Schema = _object(
    says=TEXT, remedy=TEXT, because=TEXT, cause=TEXT, retry={"enum": ["no", "once", "later"]}
)
LAMP = _object(
    lamp={"enum": ["host answers", "key accepted", "model listed", "request works"]},
    light={"enum": ["yes", "no", "unknown", "not asked"]},
    says=TEXT,
    exchange={**EXCHANGE, "type": ["object", "null"]},
    diagnosis={**DIAGNOSIS, "type": ["object", "null"]},
)
LAMPS = _object(schema=VERSION, preset=TEXT, simulated=FLAG, lamps=_list(LAMP))
COMPLAINT = _object(
    id=TEXT,
    place={"enum": ["preset", "key", "files", "drift"]},
    severity={"enum": ["error", "warning", "info"]},
    code={"type": "string", "pattern": "^[a-z][a-z-]*$"},
    where=TEXT,
    file=MAYBE_TEXT,
    path=MAYBE_TEXT,
    message=TEXT,
    because=TEXT,
    remedies=_list(_object(title=TEXT, command=MAYBE_TEXT)),
    since=MAYBE_TEXT,
    simulated=FLAG,
    drift={
        **_object(old=TEXT, new=TEXT, expected_from=TEXT, seen_in=TEXT, url=MAYBE_TEXT, quote=TEXT, at=TEXT),
        "type": ["object", "null"],
    },
)
DOCTOR = _object(
    schema=VERSION,
    at=TEXT,
    simulated=FLAG,
    problem=MAYBE_TEXT,
    counts=_object(error={"type": "integer"}, warning={"type": "integer"}, info={"type": "integer"}),
    complaints=_list(COMPLAINT),
    unchecked=_list(_object(subject=TEXT, reason=TEXT)),
    basis=_list(TEXT),
    works=_list(TEXT),
    checks=_list(_object(slot=TEXT, label=LABEL, title=TEXT, at=TEXT, simulated=FLAG)),
    report=MAYBE_TEXT,
)
ERROR = _object(schema=VERSION, error=_object(code={"type": "integer"}, message=TEXT, candidates=_list(TEXT)))


FACT_SOURCE = _object(
    title=TEXT,
    url=TEXT,
    seen={"type": ["string", "null"], "pattern": "^[0-9-]{10}$"},
    certainty={"enum": ["docs", "host", "third-party", "inferred", "person"]},
    quote=MAYBE_TEXT,
    fetched=MAYBE_TEXT,
    digest=MAYBE_TEXT,
    simulated=FLAG,
)


def _known(value: Schema) -> Schema:
    """A fact with where it is known from and what every source says, or null."""
    claims = _list(_object(value=value, source=FACT_SOURCE))
    fact = _object(value=value, disputed=FLAG, source=FACT_SOURCE, claims=claims)
    return {**fact, "type": ["object", "null"]}


PRICE: Schema = {
    "type": ["object", "null"],
    "properties": {"currency": TEXT, "note": TEXT},
    "additionalProperties": {"type": "number"},
}
MODEL = _object(
    id=TEXT,
    status={"enum": ["current", "retiring", "retired", "disputed", "unknown"]},
    kind=_known(TEXT),
    inputs=_known(_list(TEXT)),
    outputs=_known(_list(TEXT)),
    offered=_known(FLAG),
    title=_known(TEXT),
    forwarded=_known(TEXT),
    shutdown_seen=_known(FLAG),
    rpm=_known({"type": "integer"}),
    tpm=_known({"type": "integer"}),
    note=_known(TEXT),
    context=_known({"type": "integer"}),
    max_output=_known({"type": "integer"}),
    thinking=_known(FLAG),
    token_plan=_known(FLAG),
    released=_known(TEXT),
    retired=_known(TEXT),
    successor=_known(TEXT),
    price_usd=_known(PRICE),
    price_cny=_known(PRICE),
    price_credits=_known(PRICE),
    listed={"type": "object", "additionalProperties": _known(FLAG)},
    surfaces={"type": "object", "additionalProperties": _known(FLAG)},
    features={"type": "object", "additionalProperties": _known(FLAG)},
    voices=_list(TEXT),
    dispute=MAYBE_TEXT,
)
SIMULATE = _object(
    schema=VERSION,
    simulated={"const": True},
    origin={"type": "string", "pattern": r"^http://127\.0\.0\.1:\d+$"},
    at=TEXT,
    hosts=_list(_object(host=TEXT, family=TEXT, cluster=TEXT, openai=MAYBE_TEXT, anthropic=MAYBE_TEXT)),
    keys=_list(_object(key=TEXT, title=TEXT, hosts=_list(TEXT), fault=TEXT)),
    drift=_list(_object(name=TEXT, says=TEXT)),
    docs=TEXT,
    control=TEXT,
)
MODELS = _object(schema=VERSION, simulated=FLAG, known=TEXT, models=_list(MODEL))
NUMBER: Schema = {"type": "integer"}
LANGUAGE: Schema = {"enum": ["en-US", "zh-CN"]}
DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
OUTCOME: Schema = {"enum": ["found", "moved", "gone", "web_page", "unreachable", "unreadable"]}

PAGE = _object(
    path=TEXT,
    language=LANGUAGE,
    title=TEXT,
    section=TEXT,
    url=TEXT,
    raw_url=TEXT,
    fetched=MAYBE_TEXT,
    checked=MAYBE_TEXT,
    changed=MAYBE_TEXT,
    outcome=OUTCOME,
)
PAGE_VERSION = _object(digest=DIGEST, seen=TEXT, size=NUMBER)
DOCS_LIST = _object(
    schema=VERSION,
    simulated=FLAG,
    found_at=MAYBE_TEXT,
    fetched=MAYBE_TEXT,
    checked=MAYBE_TEXT,
    language={"enum": ["en-US", "zh-CN", None]},
    pages=_list(PAGE),
)
DOCS_PAGE = _object(
    schema=VERSION,
    simulated=FLAG,
    page=PAGE,
    digest=DIGEST,
    source=TEXT,
    updated={"type": ["string", "null"], "pattern": "^[0-9-]{10}$"},
    headings=_list(_object(level=NUMBER, title=TEXT, anchor=TEXT, line=NUMBER)),
    form={"enum": ["markdown", "raw"]},
    text=TEXT,
    versions=_list(PAGE_VERSION),
)
DOCS_HITS = _object(
    schema=VERSION,
    simulated=FLAG,
    words=TEXT,
    hits=_list(
        _object(
            path=TEXT,
            language=LANGUAGE,
            title=TEXT,
            heading=TEXT,
            anchor=TEXT,
            excerpt=TEXT,
            marks=_list(_list(NUMBER)),
            gone=FLAG,
        )
    ),
)
DOCS_DIFF = _object(
    schema=VERSION,
    simulated=FLAG,
    page=PAGE,
    old={**PAGE_VERSION, "type": ["object", "null"]},
    new={**PAGE_VERSION, "type": ["object", "null"]},
    diff=_list({"type": "string", "pattern": "^[-+ @]"}),
)
DOCS_HISTORY = _object(schema=VERSION, simulated=FLAG, page=PAGE, versions=_list(PAGE_VERSION))
DOCS_UPDATE = _object(
    schema=VERSION,
    simulated=FLAG,
    updates=_list(
        _object(
            language=LANGUAGE,
            at=TEXT,
            indexes=_list(_object(url=TEXT, outcome=OUTCOME, found_at=MAYBE_TEXT, reason=MAYBE_TEXT)),
            pages=NUMBER,
            new=_list(TEXT),
            changed=_list(TEXT),
            gone=_list(TEXT),
            failed=_list(_object(path=TEXT, outcome=OUTCOME, reason=TEXT)),
            requests=NUMBER,
            bytes=NUMBER,
            seconds={"type": "number"},
        )
    ),
)


MAYBE_NUMBER: Schema = {"type": ["integer", "null"]}
MAYBE_SECONDS: Schema = {"type": ["number", "null"]}
COST: Schema = {
    **_object(
        amount={"type": "number"},
        currency={"enum": ["CNY", "USD", "credits"]},
        at_most=FLAG,
        because=TEXT,
    ),
    "type": ["object", "null"],
}
CHAT = _object(
    schema=VERSION,
    simulated=FLAG,
    preset=TEXT,
    model=TEXT,
    form={"enum": ["chat_completions", "messages"]},
    host=TEXT,
    text=TEXT,
    reasoning=MAYBE_TEXT,
    tool_calls=_list(_object(id=TEXT, name=TEXT, arguments=TEXT)),
    citations=_list(_object(url=TEXT, title=TEXT, summary=MAYBE_TEXT, site=MAYBE_TEXT, published=MAYBE_TEXT)),
    parameters={"type": "object"},
    usage={
        "type": ["object", "null"],
        "required": [*("prompt", "completion", "total", "cached", "reasoning"), "image", "searches"],
        "additionalProperties": MAYBE_NUMBER,
    },
    cost=COST,
    timing=_object(first_token=MAYBE_SECONDS, seconds=MAYBE_SECONDS, tokens_a_second=MAYBE_SECONDS),
    finish=MAYBE_TEXT,
    complete=FLAG,
    stopped=FLAG,
    failure={**DIAGNOSIS, "type": ["object", "null"]},
    notes=_list(TEXT),
    exchange=EXCHANGE,
    raw={
        **_object(request=_object(head=TEXT, body=TEXT), answer=_object(head=TEXT, body=TEXT)),
        "type": ["object", "null"],
    },
    conversation=MAYBE_NUMBER,
    problem=MAYBE_TEXT,
)
CHAT_PARAMETERS = _object(
    schema=VERSION,
    model=TEXT,
    form={"enum": ["chat_completions", "messages"]},
    parameters=_list(
        _object(
            name=TEXT,
            type={"enum": ["whole number", "number", "yes or no", "choice", "text", "texts"]},
            takes=TEXT,
            lowest={"type": ["number", "null"]},
            highest={"type": ["number", "null"]},
            choices=_list(TEXT),
            default={},
            while_thinking={},
            documented=FLAG,
            remark=MAYBE_TEXT,
            why_not=MAYBE_TEXT,
            source=TEXT,
        )
    ),
)


REAL: Schema = {"type": "number"}
FAILURE: Schema = {**DIAGNOSIS, "type": ["object", "null"]}
SPEECH_USAGE: Schema = {
    "type": ["object", "null"],
    "required": ["prompt", "completion", "total", "seconds"],
    "additionalProperties": MAYBE_SECONDS,
}
TAKE: dict[str, Schema] = {
    "id": {"type": "string", "pattern": "^[0-9]{8}-[0-9]{6}-"},
    "at": TEXT,
    "kind": {"enum": ["speech", "voice design", "voice cloning"]},
    "model": TEXT,
    "host": MAYBE_TEXT,
    "preset": MAYBE_TEXT,
    "text": TEXT,
    "preview": MAYBE_TEXT,
    "voice": MAYBE_TEXT,
    "style": MAYBE_TEXT,
    "format": {"enum": ["wav", "mp3", "pcm", "pcm16"]},
    "streamed": FLAG,
    "path": MAYBE_TEXT,
    "size": NUMBER,
    "seconds": REAL,
    "rate": MAYBE_NUMBER,
    "joins": _list(REAL),
    "timing": _object(first_sound=MAYBE_SECONDS, seconds=MAYBE_SECONDS),
    "usage": SPEECH_USAGE,
    "cost": COST,
    "complete": FLAG,
    "stopped": FLAG,
    "failure": FAILURE,
    "kept": FLAG,
    "notes": _list(TEXT),
    "simulated": FLAG,
}
CHECK_BY_EAR: Schema = {
    **_object(
        heard=MAYBE_TEXT,
        model=MAYBE_TEXT,
        difference={
            **_object(
                rate=REAL,
                differing=NUMBER,
                units=NUMBER,
                unit={"enum": ["words", "characters", "words and characters"]},
                parts=_list(_object(kind={"enum": ["same", "missing", "added"]}, text=TEXT)),
            ),
            "type": ["object", "null"],
        },
        cost=COST,
        failure=FAILURE,
        problem=MAYBE_TEXT,
    ),
    "type": ["object", "null"],
}
SPEAK = _object(
    schema=VERSION,
    simulated=FLAG,
    takes=_list(
        _object(
            **TAKE,
            saved=MAYBE_TEXT,
            removed=_list(TEXT),
            problem=MAYBE_TEXT,
            check=CHECK_BY_EAR,
            exchange=EXCHANGE,
        )
    ),
)
LISTEN = _object(
    schema=VERSION,
    simulated=FLAG,
    text=TEXT,
    model=TEXT,
    host=TEXT,
    preset=MAYBE_TEXT,
    language=MAYBE_TEXT,
    recording=_object(
        name=TEXT,
        media_type={"type": "string", "pattern": "^audio/"},
        seconds=REAL,
        size=NUMBER,
        rate=MAYBE_NUMBER,
        channels=MAYBE_NUMBER,
        peak_db=MAYBE_SECONDS,
        level_db=MAYBE_SECONDS,
        warnings=_list(TEXT),
    ),
    parts=NUMBER,
    seconds=MAYBE_SECONDS,
    usage=SPEECH_USAGE,
    cost=COST,
    timing=_object(first_text=MAYBE_SECONDS, seconds=MAYBE_SECONDS),
    complete=FLAG,
    stopped=FLAG,
    failure=FAILURE,
    notes=_list(TEXT),
    exchange=EXCHANGE,
)
VOICES = _object(
    schema=VERSION,
    simulated=FLAG,
    known=TEXT,
    voices=_list(
        _object(
            id=TEXT,
            model=TEXT,
            language=MAYBE_TEXT,
            gender=MAYBE_TEXT,
            character=MAYBE_TEXT,
            default=FLAG,
            stands_for={"type": "object", "additionalProperties": TEXT},
            source={
                "type": "object",
                "required": ["title", "url", "seen", "certainty", "fetched", "simulated"],
            },
        )
    ),
)
TAKES = _object(
    schema=VERSION,
    folder=TEXT,
    size=NUMBER,
    most=NUMBER,
    takes=_list(_object(**TAKE)),
)
TAKES_CHANGED = _object(schema=VERSION, done=FLAG, takes=_list(_object(**TAKE)))
TAKE_SAVED = _object(schema=VERSION, saved=TEXT, take=_object(**TAKE))
