"""Faults on demand: a script such as `status=429*2; delay=1.5; drip=0.05` and what it does to an answer.

Words of a script, apart by `;`. Pauses stand in every answer; of the failures there is one in a script, in every
answer, or with `*N` in N of them and then not in the next one, and so on. `after=N` lets N answers pass first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite

from mimo_tui.simulator import fault as platform_faults
from mimo_tui.simulator.fault import Fault

WORDS = """\
status=N[*TIMES]       an error of that status
error=NAME[*TIMES]     an error by its name: {names}
transient-401[=TIMES]  a good key is refused, once or so often
burst=N                N times 429
html                   a web page where JSON was expected
wrong-json             JSON of another shape
broken-json            JSON that ends in the middle
data-error             the error behind `data:`; with cut=N inside the answer, after N bytes
echo-key               the error repeats the key that was sent
redirect=URL           302
cut=N                  the connection ends after N bytes of the body
reset                  the connection breaks without an answer
hang                   no answer until the client goes
delay=SECONDS          wait before the answer
drip=SECONDS[/BYTES]   a pause before each byte, or before so many
after=N                N answers are right first
"""

ERRORS: Mapping[str, Fault] = {
    "invalid-key": platform_faults.INVALID_KEY,
    "unsupported-model": platform_faults.unsupported_model("X"),
    "parameter": platform_faults.wrong_parameter("temperature must be between 0 and 1.5"),
    "schema": platform_faults.wrong_schema(),
    "media": platform_faults.corrupt_media(),
    "balance": platform_faults.NO_BALANCE,
    "funds": platform_faults.NO_FUNDS,
    "forbidden": platform_faults.ILLEGAL_ACCESS,
    "not-found": platform_faults.NOT_FOUND,
    "moderation": platform_faults.MODERATED,
    "rate": platform_faults.TOO_MANY,
    "quota": platform_faults.QUOTA_USED,
    "server": platform_faults.SERVER_ERROR,
    "overloaded": platform_faults.OVERLOADED,
}
"""The errors of `mimo-api.md` §12 by name."""

_BY_STATUS = {
    fault.status: fault
    for name, fault in reversed(tuple(ERRORS.items()))
    if name not in ("unsupported-model", "schema", "media", "quota")
}


class ScriptError(ValueError):
    """A script that says nothing we know; the sentence says which word."""


class Failing(StrEnum):
    """What a script does instead of the answer, or to it."""

    NOT = ""
    ERROR = "error"
    HTML = "html"
    WRONG_JSON = "wrong-json"
    BROKEN_JSON = "broken-json"
    REDIRECT = "redirect"
    CUT = "cut"
    RESET = "reset"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Script:
    """What goes wrong with an answer. `delay` and `drip` are seconds, `piece` and `cut` bytes.

    `times` is how many answers fail before one is right, None: all; `after` how many are right before that.
    `data_error` writes the error behind `data:`, `echo` repeats the key in it.
    """

    delay: float = 0.0
    drip: float = 0.0
    piece: int = 1
    failing: Failing = Failing.NOT
    fault: Fault | None = None
    cut: int = 0
    location: str = ""
    data_error: bool = False
    echo: bool = False
    times: int | None = None
    after: int = 0

    def at(self, count: int) -> "Script":
        """Give what it does to the answer number `count`, from 0: itself, or its pauses alone."""
        if self.times is None:
            fails = count >= self.after
        else:
            turn = count % (self.times + (self.after or 1))
            fails = turn >= self.after if self.after else turn < self.times
        return self if fails else Script(delay=self.delay, drip=self.drip, piece=self.piece)


def words() -> str:
    """Give the words that a script is made of, a line each."""
    return WORDS.format(names=", ".join(ERRORS))


def parse(text: str) -> Script:
    """Read a script; of nothing, or of `ok`, one that does nothing. Raises ScriptError."""
    script = Script()
    for part in text.split(";"):
        if (word := part.strip()) not in ("", "ok"):
            script = _with(script, word)
    if (script.echo or script.data_error) and script.failing not in (Failing.NOT, Failing.ERROR, Failing.CUT):
        raise ScriptError(f"{script.failing} has no error that could be written another way")
    if script.fault is None and script.echo:
        script = replace(script, fault=platform_faults.INVALID_KEY)
    if script.fault is None and script.data_error:
        script = replace(script, fault=platform_faults.wrong_parameter("the stream broke off"))
    if script.fault is not None and script.failing is Failing.NOT:
        script = replace(script, failing=Failing.ERROR)
    return script


def _with(script: Script, word: str) -> Script:
    name, equals, value = (piece.strip() for piece in word.partition("="))
    match name:
        case "delay":
            return replace(script, delay=_seconds(value, word))
        case "drip":
            seconds, _, size = value.partition("/")
            return replace(script, drip=_seconds(seconds, word), piece=_count(size or "1", word, 1))
        case "after":
            return replace(script, after=_count(value, word, 0))
        case "redirect" if value:
            return _failing(script, word, Failing.REDIRECT, location=value)
    word, star, number = word.partition("*")
    name, equals, value = (piece.strip() for piece in word.partition("="))
    times = _count(number, f"{word}*{number}", 1) if star else None
    script = script if times is None else replace(script, times=times)
    if equals:
        return _with_value(script, name, value, word)
    match name:
        case "echo-key":
            return replace(script, echo=True)
        case "data-error":
            return replace(script, data_error=True)
        case "transient-401":
            fault = platform_faults.INVALID_KEY
            return _failing(script, word, Failing.ERROR, fault=fault, times=times or 1)
        case "html" | "wrong-json" | "broken-json" | "reset" | "hang":
            return _failing(script, word, Failing(name))
        case _:
            raise _unknown(word)


def _with_value(script: Script, name: str, value: str, word: str) -> Script:
    match name:
        case "status":
            fault = _of_status(_count(value, word, 200), word)
            return _failing(script, word, Failing.ERROR, fault=fault)
        case "error":
            if value not in ERRORS:
                raise ScriptError(f"{word} is no error that the platform has; it has {', '.join(ERRORS)}")
            return _failing(script, word, Failing.ERROR, fault=ERRORS[value])
        case "transient-401":
            times = _count(value, word, 1)
            return _failing(script, word, Failing.ERROR, fault=platform_faults.INVALID_KEY, times=times)
        case "burst":
            times = _count(value, word, 1)
            return _failing(script, word, Failing.ERROR, fault=platform_faults.TOO_MANY, times=times)
        case "cut":
            return _failing(script, word, Failing.CUT, cut=_count(value, word, 0))
        case _:
            raise _unknown(word)


def _failing(
    script: Script,
    word: str,
    failing: Failing,
    *,
    fault: Fault | None = None,
    times: int | None = None,
    cut: int = 0,
    location: str = "",
) -> Script:
    if script.failing is not Failing.NOT:
        raise ScriptError(f"{word} comes on top of {script.failing}: a script has one failure")
    times = script.times if times is None else times
    return replace(script, failing=failing, fault=fault, times=times, cut=cut, location=location)


def _unknown(word: str) -> ScriptError:
    return ScriptError(f"{word} is no word of a script; those are\n{words()}")


def _of_status(status: int, word: str) -> Fault:
    if status > 599:
        raise ScriptError(f"{word} names no status of HTTP")
    return _BY_STATUS.get(status) or Fault(status, f"Simulated answer of status {status}")


def _seconds(value: str, word: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not (isfinite(seconds) and 0 <= seconds <= 3600):
        raise ScriptError(f"{word} needs seconds, such as 1.5, at most 3600")
    return seconds


def _count(value: str, word: str, least: int) -> int:
    text = value.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) >= least):
        raise ScriptError(f"{word} needs a whole number of at least {least}")
    return int(text)
