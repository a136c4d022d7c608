"""What the lines of tables of models say, and of which models a page can be said to speak."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mimo_tui.core.docs.readers.amounts import by_contract, silent
from mimo_tui.core.docs.readers.grid import Grid, Line
from mimo_tui.core.docs.readers.statements import ANY, Draft, Subject, shortened
from mimo_tui.core.facts import Toml

Read = Callable[[str], "Toml | None"]
Models = Callable[[Line], Sequence[str]]


def named(line: Line) -> Sequence[str]:
    """Give the models that a line names by their ids."""
    return line.ids


@dataclass(frozen=True, slots=True)
class Said:
    """A value and the row that it stands in. No value: the row is silent on it, or is not understood."""

    value: "Toml | None"
    quote: str
    understood: bool = True


@dataclass(slots=True)
class Told:
    """What the tables of a page tell of one thing. `whole`: all in them was understood; of `unclear` models not."""

    found: dict[str, list[tuple[Toml, str, int]]] = field(default_factory=dict)
    models: dict[str, None] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)
    whole: bool = True


class Tally:
    """Gathers what tables say of models, subject by subject, and makes statements of it.

    A cell that is not understood leaves its model out. A table that says two things of one model in as many lines
    knows more than its columns tell: then it says nothing of that model.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._told: dict[Subject, Told] = {}

    def unnamed(self, grid: Grid, abouts: Sequence[Subject], models: Models = named) -> None:
        """Note the lines that are of no known model: of what the table is about, not all was understood."""
        for line in grid.lines:
            if abouts and not models(line):
                self.partial(abouts, f"no model is known by {shortened(line.label, 60)}")

    def partial(self, abouts: Iterable[Subject], why: str) -> None:
        """Note that of these not all was understood."""
        for about in abouts:
            self._told.setdefault(about, Told()).whole = False
        self._draft.miss(why)

    def column(self, grid: Grid, at: int, about: Subject, read: Read, models: Models = named) -> None:
        """Read a column. `read` gives None for a cell that it does not understand."""

        def say(line: Line) -> Said:
            cell, quote = line.cells[at], line.quotes[at]
            if silent(cell) or by_contract(cell):
                return Said(None, quote)
            value = read(cell)
            if value is None:
                self._draft.miss(f"{grid.columns[at]} of {shortened(line.label, 60)}: {shortened(cell, 60)}")
            return Said(value, quote, value is not None)

        self.lines(grid, about, say, models)

    def lines(self, grid: Grid, about: Subject, say: Callable[[Line], Said], models: Models = named) -> None:
        """Take what each line says of it."""
        told = self._told.setdefault(about, Told())
        by_model: dict[str, list[Said]] = {}
        for line in grid.lines:
            if found := models(line):
                said = say(line)
                for model in found:
                    by_model.setdefault(model, []).append(said)
        for model, all_said in by_model.items():
            first = all_said[0]
            if not all(said.understood for said in all_said):
                told.whole = False
                told.unclear.add(model)
            elif any(said.value != first.value for said in all_said):
                told.whole = False
                told.unclear.add(model)
                self._draft.miss(f"two values in one table for {' '.join(about)} of {model}")
            else:
                told.models.setdefault(model)
                if first.value is not None:
                    told.found.setdefault(model, []).append((first.value, first.quote, grid.line))

    def seen(self, about: Subject) -> bool:
        """Tell whether a table spoke of it."""
        return about in self._told

    def values(self, about: Subject) -> Mapping[str, Toml]:
        """Give what was said of each model, the first where there are several."""
        told = self._told.get(about, Told())
        return {model: said[0][0] for model, said in told.found.items()}

    def unclear(self, about: Subject) -> frozenset[str]:
        """Give the models of which a table says something that was not understood."""
        return frozenset(self._told.get(about, Told()).unclear)

    def finish(self) -> None:
        """Make statements. Where all was understood, the page speaks of every model, else of those that were read."""
        for about, told in self._told.items():
            for model, said in told.found.items():
                for value, quote, line in said:
                    self._draft.state(("models", model, *about), value, quote, line)
            of = (ANY,) if told.whole else told.models
            self._draft.cover(("models", model, *about) for model in of)
