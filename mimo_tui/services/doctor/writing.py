"""Where a report goes: into the file that the person names, whole or not at all."""

import os
from pathlib import Path

from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.store import atomic
from mimo_tui.store.places import LINGTAI

_PRIVATE = 0o600


class NotThere(Exception):
    """The report is not written to that place; the sentence says why and what to do."""


class Occupied(NotThere):
    """A file is there already, and nobody said to write over it."""


def proposed_file(services: Services) -> str:
    """Give a name for a report of today, with `~` for the home."""
    # The home of a demonstration goes with it.
    folder = "." if services.simulated else "~"
    return f"{folder}/mimo-tui-report-{services.now().astimezone():%Y-%m-%d}.md"


def report_file(services: Services, name: str) -> Path:
    """Give the file that a person means by `name`; `~` is the home that we work in.

    Raises NotThere for what cannot be a report, and for a place that turns out to be among Lingtai's own files though
    the name does not say so: what lies there, Lingtai reads.
    """
    if not name.strip() or "\0" in name:
        raise NotThere("A report needs the name of a file.")
    home = services.places.home
    path = home / name[2:] if name.startswith(("~/", "~\\")) else Path(name).absolute()
    lingtai = services.places.lingtai.resolve()
    if path.resolve().is_relative_to(lingtai) and LINGTAI not in Path(name).parts:
        raise NotThere(
            f"{clean(name)} would lie among Lingtai's own files ({clean(str(path.resolve()))}). "
            "Name that place in full to mean it, or another one."
        )
    if path.is_dir():
        raise NotThere(f"{clean(name)} is a folder; name a file.")
    return path


def write_report(path: Path, text: Clean, *, over: bool = False) -> None:
    """Write a report, whole or not at all. `over`: also over a file that is there.

    Raises Occupied, NotThere where its folder is missing, and atomic.SaveFailed.
    """
    data = text.encode("utf-8", "backslashreplace")
    if not path.parent.is_dir():
        raise NotThere(f"There is no folder {clean(str(path.parent))}.")
    if not os.path.lexists(path):
        try:
            atomic.create(path, data, mode=_PRIVATE)
            return
        except atomic.Conflict:  # somebody was faster
            pass
    if not over:
        raise Occupied(f"{clean(str(path))} is there already.")
    try:
        atomic.replace(path, data, expected=atomic.read(path).stamp)
    except (OSError, atomic.Conflict) as error:
        raise NotThere(f"{clean(str(path))} cannot be written over: {clean(str(error))}.") from error
