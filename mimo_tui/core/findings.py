"""What a rule says: a finding, why it is one, and what would mend it."""

from dataclasses import dataclass
from enum import StrEnum

from mimo_tui.core.json_text import Edit, Path


class Severity(StrEnum):
    """How bad: an error keeps the preset from working, a warning may, information does not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to mend a finding: edits of the preset's own text, under a name that a command can give."""

    id: str
    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a preset.

    `path` is where in the document (empty: the file itself), `because` the outside rule and its source.
    """

    code: str
    severity: Severity
    path: Path
    message: str
    because: str
    fixes: tuple[Fix, ...] = ()
