"""The report on what is wrong, in the form that Lingtai's issue-report skill asks for (`lingtai-presets.md` §8).

It is Markdown that other people read and paste: no key, no path of somebody's home, and whatever the evidence holds,
the headings are ours alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mimo_tui.core.hiding import Hidden
from mimo_tui.core.quoting import block, inline_code, sentence
from mimo_tui.core.text import NOTHING, Clean, clean_lines

_NAMED = 5
_TOLD = 8
_LONGEST_SUBJECT = 120
_NO_NAMES = frozenset(
    {"a", "an", "documentation", "its", "neither", "no", "the", "there", "these", "this", "where"}
)
_SIMULATED = (
    "SIMULATED: what was seen comes from the simulated platform or its sample library. "
    "It says nothing about MiMo, and nobody should file it."
)


class Gravity(StrEnum):
    """How bad, in the words of the form, the worst first."""

    BLOCKING = "blocking"
    MAJOR = "major"
    MINOR = "minor"
    COSMETIC = "cosmetic"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something as it was seen, to the letter. `text` may have several lines; `title` says what it is."""

    title: Clean
    text: Clean


@dataclass(frozen=True, slots=True)
class Remedy:
    """What mends something; `command` is what to type, empty: there is none."""

    title: Clean
    command: Clean = NOTHING


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong, in one place or many. `nature` says whose bug it is: of the docs, of code, of nobody."""

    code: str
    component: Clean
    places: tuple[Clean, ...]
    files: tuple[Clean, ...]
    message: Clean
    expected: Clean
    actual: Clean
    nature: Clean
    gravity: Gravity
    evidence: tuple[Evidence, ...] = ()
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report says. `works` and `basis` are sentences; `versions` are names with what is known of each."""

    at: datetime
    issues: tuple[Issue, ...]
    commands: tuple[Clean, ...]
    works: tuple[Clean, ...]
    basis: tuple[Clean, ...]
    versions: tuple[tuple[Clean, Clean], ...]
    simulated: bool = False


def write(report: Report, hidden: Hidden) -> Clean:
    """Give the whole text: the subject, then the headings of the form in its order. Ends with a line end."""
    return clean_lines("\n".join(_Page(hidden).lines(report)) + "\n")


@dataclass(frozen=True, slots=True)
class _Page:
    hidden: Hidden

    def lines(self, report: Report) -> Iterator[str]:
        issues = report.issues
        yield f"[Issue Report] {self._subject(report)}"
        yield from self._section("What's wrong", self._wrong(report))
        yield from self._section("Where", self._where(issues))
        yield from self._section("Reproduction", self._reproduction(report))
        yield from self._section("What you expected", _together(self._say(each.expected) for each in issues))
        yield from self._section("What actually happened", self._happened(report))
        yield from self._section("Severity", self._severity(issues))
        if any(each.remedies for each in issues):
            remedies = _together(map(self._remedies, issues))
            yield from self._section("Suggested fix (optional)", remedies)

    def _section(self, title: str, paragraphs: Iterable[str]) -> Iterator[str]:
        yield f"\n## {title}"
        for paragraph in paragraphs:
            yield f"\n{paragraph}"

    def _say(self, text: str) -> str:
        return sentence(self.hidden.from_text(text))

    def _tell(self, text: str) -> str:
        """Give a sentence of ours, in which a command may stand between backticks."""
        pieces = self.hidden.from_text(text).split("`")
        if not len(pieces) % 2:
            return self._say(text)
        return "".join(
            inline_code(piece) if number % 2 else sentence(piece)
            for number, piece in enumerate(pieces)
            if piece
        )

    def _code(self, text: str) -> str:
        return inline_code(self.hidden.from_text(text))

    def _subject(self, report: Report) -> str:
        """One line: it becomes a title."""
        if not report.issues:
            return "Nothing wrong was found"
        first, others = report.issues[0], len(report.issues) - 1
        more = f" (and {others} more)" if others else ""
        told = self.hidden.from_text(f"{among(first.places)}: {first.message}")
        cut = told if len(told) <= _LONGEST_SUBJECT else f"{told[: _LONGEST_SUBJECT - 1]}…"
        simulated = "SIMULATED: " if report.simulated else ""
        return f"{simulated}{sentence(cut)}{more}"

    def _wrong(self, report: Report) -> Iterator[str]:
        issues = report.issues
        if not issues:
            yield "Nothing was found that is wrong."
            return
        simulated = f"**{_SIMULATED}** " if report.simulated else ""
        numbered = tuple(_numbered(issues))
        found = " ".join(
            f"{at}{capital(self._say(each.message.rstrip('.')))} ({inline_code(each.code)}, {_counted(each)})."
            for at, each in numbered[:_TOLD]
        )
        more = f" And {len(issues) - _TOLD} more, below." if len(issues) > _TOLD else ""
        natures = _by(each.nature for each in issues)
        whose = " ".join(
            f"{_spans(ats)}: {nature}." if len(natures) > 1 else f"{capital(nature)}."
            for nature, ats in natures.items()
        )
        yield f"{simulated}{found}{more} {whose}"

    def _where(self, issues: Sequence[Issue]) -> Iterator[str]:
        bullets = []
        for at, each in _numbered(issues):
            places = ", ".join(map(self._code, each.places))
            files = ", ".join(map(self._code, each.files)) or "unknown"
            bullets.append(f"- Component: {at}{each.component} {places}")
            bullets.append(f"- File or URL (if known): {at}{files}")
        yield "\n".join(bullets) or "- Component: none"

    def _reproduction(self, report: Report) -> Iterator[str]:
        yield f"At {report.at:%Y-%m-%d %H:%M} UTC, by:"
        yield block("\n".join(map(self.hidden.from_text, report.commands)))
        for at, each in _numbered(report.issues):
            for evidence in each.evidence:
                yield f"{at}{self._say(evidence.title)}:"
                yield block(self.hidden.from_text(evidence.text))
        yield "Versions: " + ", ".join(f"{name} {self._code(value)}" for name, value in report.versions) + "."

    def _happened(self, report: Report) -> Iterator[str]:
        for at, each in _numbered(report.issues):
            yield f"{at}{self._say(each.actual)}"
        if report.works:
            yield "What works:\n\n" + "\n".join(f"- {self._tell(each)}" for each in report.works)
        if report.basis:
            yield "All of this rests on:\n\n" + "\n".join(f"- {self._tell(each)}" for each in report.basis)

    def _severity(self, issues: Sequence[Issue]) -> Iterator[str]:
        order = list(Gravity)
        worst = min((each.gravity for each in issues), key=order.index, default=Gravity.COSMETIC)
        yield inline_code(worst)
        if len({each.gravity for each in issues}) > 1:
            graded = _by(each.gravity for each in issues)
            yield (
                "; ".join(f"{gravity}: {_spans(graded[gravity])}" for gravity in order if gravity in graded)
                + "."
            )

    def _remedies(self, issue: Issue) -> str:
        commands: dict[str, list[str]] = {}
        for remedy in issue.remedies:
            given = commands.setdefault(remedy.title, [])
            if remedy.command:
                given.append(self._code(remedy.command))
        return "; or ".join(
            ": ".join(filter(None, (self._tell(title), ", ".join(given))))
            for title, given in commands.items()
        )


def _numbered(issues: Sequence[Issue]) -> Iterator[tuple[str, Issue]]:
    """Give each with its number in bold, by which it is found under every heading; one alone needs none."""
    return ((f"**({at})** " if len(issues) > 1 else "", each) for at, each in enumerate(issues, start=1))


def among(places: Sequence[str]) -> str:
    """Name some of them, and say how many more there are."""
    left = len(places) - _NAMED
    named = ", ".join(places[:_NAMED])
    return f"{named} and {left} more" if left > 0 else named


def capital(text: str) -> str:
    """Begin it with a capital where its first word cannot be the name of a model, a file, a field or a variable."""
    return f"{text[:1].upper()}{text[1:]}" if text.partition(" ")[0] in _NO_NAMES else text


def _together(told: Iterable[str]) -> Iterator[str]:
    """Give what is told of each issue, the same once with the numbers of all that it is told of."""
    texts = tuple(told)
    for text, numbers in _by(texts).items():
        if text:
            yield f"{_spans(numbers)} {text}" if len(texts) > 1 else text


def _by(told: Iterable[str]) -> dict[str, list[int]]:
    """Give the numbers, from 1, of those that are the same."""
    found: dict[str, list[int]] = {}
    for number, text in enumerate(told, start=1):
        found.setdefault(text, []).append(number)
    return found


def _spans(numbers: Sequence[int]) -> str:
    """Name issues by their numbers, those in a row by the first and the last."""
    rows: list[list[int]] = []
    for number in numbers:
        if rows and rows[-1][-1] == number - 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return ", ".join(f"**({row[0]})**" + (f"–**({row[-1]})**" if len(row) > 1 else "") for row in rows)


def _counted(issue: Issue) -> str:
    count = len(issue.places)
    return issue.component if count == 1 else f"{issue.component} in {count} places"
