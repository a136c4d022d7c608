"""Sites and answers that contradict what is known of MiMo, each in one point, by name: drift that must be found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from mimo_tui.core.catalogue import Catalogue, Voice
from mimo_tui.core.drift import Signal
from mimo_tui.simulator.site.contents import Site
from mimo_tui.simulator.site.tables import Grid, change_table

MODELS = "quick-start/summary/model"
DEPRECATIONS = "updates/deprecate"
PRICES = "price/pay-as-you-go"
PLAN_PRICES = "price/token-plan"
LIMITS = "api/guidance/rate-limit"
ERRORS = "api/guidance/error-codes"
CHAT = "api/chat/openai-api"
SPEECH = "quick-start/usage-guide/audio/speech-synthesis-v2.5"
FIRST_CALL = "quick-start/summary/first-api-call"
PLAN_ACCESS = "tokenplan/Token Plan/quick-access"

_PRO, _FLASH, _OLD = "mimo-v2.6-pro", "mimo-v2.6-flash", "mimo-v2.5"
_INDEX = "/llms.txt"
_NEW_VOICE, _GONE_VOICE = "Nora", "Dean"


@dataclass(frozen=True, slots=True)
class Planted:
    """A contradiction: what it is worth as a signal, what it says in a sentence, and the site that has it."""

    signal: Signal
    says: str
    change: Callable[[Site], Site]


@dataclass(frozen=True, slots=True)
class Answered:
    """A contradiction in what the API answers: as `Planted`, and the catalogue that the platform goes by."""

    signal: Signal
    says: str
    change: Callable[[Catalogue], Catalogue]


def _words(path: str, old: str, new: str) -> Callable[[Site], Site]:
    """Give the change of some words of a page, wherever they stand on it."""

    def change(site: Site) -> Site:
        text = site.page(path).text
        if old not in text:
            raise ValueError(f"{path} does not hold: {old}")
        return site.replace(path, text.replace(old, new))

    return change


def _table(path: str, column: str, change: Callable[[Grid], Grid]) -> Callable[[Site], Site]:
    """Give the change of the first table of a page that has this column."""
    return lambda site: site.replace(path, change_table(site.page(path).text, column, change))


def _cell(path: str, row: str, column: str, value: str) -> Callable[[Site], Site]:
    """Give the change of one cell: in the row that begins with this text, or the id in code."""

    def change(grid: Grid) -> Grid:
        place = grid.column(column)
        rows = tuple(
            (*one[:place], value, *one[place + 1 :]) if one[0] in (row, _code(row)) else one
            for one in grid.rows
        )
        if rows == grid.rows:
            raise ValueError(f"{path} has no other value for {row}")
        return Grid(grid.head, rows)

    return _table(path, column, change)


def _with_row(path: str, column: str, *cells: str) -> Callable[[Site], Site]:
    return _table(path, column, lambda grid: Grid(grid.head, (*grid.rows, cells)))


def _without_row(path: str, column: str, first: str) -> Callable[[Site], Site]:
    def change(grid: Grid) -> Grid:
        return Grid(grid.head, tuple(row for row in grid.rows if row[0] != first))

    return _table(path, column, change)


def _without_model(site: Site) -> Site:
    text = change_table(
        site.page(MODELS).text,
        "Model ID",
        lambda grid: Grid(grid.head, tuple(row for row in grid.rows if row[0] != _code(_FLASH))),
    )

    def without_column(grid: Grid) -> Grid:
        return grid.columns([place for place, name in enumerate(grid.head) if name != _code(_FLASH)])

    return site.replace(MODELS, change_table(text, _code(_FLASH), without_column))


def _with_other_voices(catalogue: Catalogue) -> Catalogue:
    """Give the catalogue with one voice more and one less, where there are built-in ones that are described."""
    models = (
        replace(
            model,
            voices=(
                *(voice for voice in model.voices if voice.id != _GONE_VOICE),
                Voice(_NEW_VOICE, "English", "female", "clear", {}, model.voices[0].source),
            ),
        )
        if any(voice.id == _GONE_VOICE for voice in model.voices)
        else model
        for model in catalogue.models
    )
    return replace(catalogue, models=tuple(models))


def _code(text: str) -> str:
    return f"<code>{text}</code>"


CONTRADICTIONS: Mapping[str, Planted] = MappingProxyType(
    {
        "price": Planted(
            Signal.PRICE_OR_LIMIT, "input costs more", _cell(PRICES, _PRO, "Input (Cache Miss)", "4")
        ),
        "price-of-sound": Planted(
            Signal.PRICE_OR_LIMIT, "an hour of sound costs more", _cell(PRICES, "mimo-v2.5-asr", "CNY", "0.7")
        ),
        "price-in-credits": Planted(
            Signal.PRICE_OR_LIMIT,
            "output costs more credits of a plan",
            _cell(PLAN_PRICES, _FLASH, "Output", "250"),
        ),
        "requests-a-minute": Planted(
            Signal.PRICE_OR_LIMIT, "fewer requests a minute", _cell(LIMITS, _FLASH, "RPM", "60")
        ),
        "context": Planted(
            Signal.PRICE_OR_LIMIT, "a smaller context", _cell(MODELS, _PRO, "Context", "512K")
        ),
        "longest-output": Planted(
            Signal.PRICE_OR_LIMIT, "a shorter output", _cell(MODELS, _PRO, "Max Output", "64K")
        ),
        "new-model": Planted(
            Signal.DOCS,
            "a model that was not there",
            _with_row(
                MODELS, "Model ID", _code("mimo-v3-pro"), "Text, image", "Text", "1M", "128K", "100", "10M"
            ),
        ),
        "model-gone": Planted(Signal.DOCS, "a model is not there any more", _without_model),
        "retirement-announced": Planted(
            Signal.DOCS,
            "a model will go offline",
            _with_row(
                DEPRECATIONS, "Model ID", _code(_FLASH), "2026-09-22", "—", "2027-03-31 10:00", _code(_PRO)
            ),
        ),
        "retirement-moved": Planted(
            Signal.DOCS,
            "another day of going offline",
            _words(DEPRECATIONS, "2026-10-21 10:00", "2026-12-21 10:00"),
        ),
        "successor": Planted(
            Signal.DOCS, "another successor", _cell(DEPRECATIONS, _OLD, "Use instead", _code(_PRO))
        ),
        "host-added": Planted(
            Signal.HOSTS,
            "one more cluster",
            _with_row(
                PLAN_ACCESS,
                "Cluster",
                _code("jp"),
                "Japan",
                _code("https://token-plan-jp.xiaomimimo.com/v1"),
                _code("https://token-plan-jp.xiaomimimo.com/anthropic"),
            ),
        ),
        "host-gone": Planted(
            Signal.HOSTS, "one cluster less", _without_row(PLAN_ACCESS, "Cluster", _code("ams"))
        ),
        "host-renamed": Planted(
            Signal.HOSTS,
            "another host",
            _words(FIRST_CALL, "https://api.xiaomimimo.com", "https://open.xiaomimimo.com"),
        ),
        "key-prefix": Planted(Signal.HOSTS, "keys begin otherwise", _words(FIRST_CALL, "sk-", "mk-")),
        "voice-added": Planted(
            Signal.DOCS,
            "one more voice",
            _with_row(SPEECH, "Character", _code(_NEW_VOICE), "English", "Female", "Clear"),
        ),
        "voice-gone": Planted(
            Signal.DOCS, "one voice less", _without_row(SPEECH, "Character", _code(_GONE_VOICE))
        ),
        "feature-gone": Planted(
            Signal.CAPABILITY,
            "no more calling of functions",
            _cell(MODELS, "Function calling", _code(_PRO), "No"),
        ),
        "feature-added": Planted(
            Signal.CAPABILITY, "batches too", _cell(MODELS, "Batch", _code("mimo-v2.6-pro-ultraspeed"), "Yes")
        ),
        "input-gone": Planted(
            Signal.CAPABILITY, "no more sound and film", _cell(MODELS, _FLASH, "Input", "Text, image")
        ),
        "error-code": Planted(
            Signal.DOCS,
            "another answer to a wrong key",
            _words(ERRORS, "Invalid API Key", "Wrong Credentials"),
        ),
        "parameter": Planted(
            Signal.DOCS, "another range of a parameter", _words(CHAT, "Range: [0, 1.5]", "Range: [0, 2]")
        ),
        "page-gone": Planted(Signal.DOCS, "a page is not there any more", lambda site: site.remove(LIMITS)),
        "index-gone": Planted(
            Signal.INDEX, "the index is not there any more", lambda site: site.put(_INDEX, None)
        ),
        "index-moved": Planted(
            Signal.INDEX, "the index is elsewhere", lambda site: site.redirect(_INDEX, "/docs/index.txt")
        ),
    }
)
"""On pages, by name."""

ANSWERS: Mapping[str, Answered] = MappingProxyType(
    {
        "voice-unlisted": Answered(
            Signal.CAPABILITY,
            "the service has a voice that its docs do not name, and one less; it says so when asked for another",
            _with_other_voices,
        ),
    }
)
"""In answers of the API, by name."""
