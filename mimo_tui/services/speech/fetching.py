"""How a person gets at a file: by a command from another machine, or in the file manager of this one."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.sound.surroundings import surroundings

_SSH_PORT = "22"
_PATIENCE = 2.0
"""Seconds in which a file manager fails if it does; one that is still busy then has opened something."""


def is_far(environment: Mapping[str, str]) -> bool:
    """Tell whether the person is logged in over SSH."""
    return len(environment.get("SSH_CONNECTION", "").split()) == 4


def how_to_fetch(path: Path, environment: Mapping[str, str]) -> Clean:
    """Give the command that copies the file, for the machine that the person sits at; without SSH the path alone.

    The address is the one by which this machine was reached, as sshd says it in SSH_CONNECTION.
    """
    path = path.absolute()
    shown = safe(str(path))
    if not is_far(environment) or shown != str(path):
        # With a sign in place of a character, a command would name another file.
        return shown
    _, _, address, port = environment["SSH_CONNECTION"].split()
    host = f"[{address}]" if ":" in address else address
    user = environment.get("USER") or environment.get("LOGNAME") or ""
    origin = f"{user}@{host}:{path}" if user else f"{host}:{path}"
    by_port = ["-P", port] if port != _SSH_PORT else []
    return safe(shlex.join(["scp", *by_port, origin, "."]))


def reveal(path: Path, environment: Mapping[str, str]) -> Clean:
    """Show the file in the file manager. Gives why that cannot be, with the path; nothing where it could.

    Blocking, for up to 2 s: call it in a thread.
    """
    path = path.absolute()
    if not path.exists():
        return safe(f"There is no file {path}.")
    command = file_manager(path, environment)
    if not command:
        return safe(f"There is no file manager here. The file is {path}")
    try:
        process = subprocess.Popen(  # noqa: S603 an absolute path, and arguments of ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=surroundings(environment),
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        return safe(f"The file manager cannot be started: {error.strerror or error}. The file is {path}")
    try:
        code = process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        # It is open, and stays so when this program ends.
        process.returncode = 0
        return NOTHING
    # Explorer ends with 1 when all went well.
    if code and sys.platform != "win32":
        return safe(f"The file manager failed (exit code {code}). The file is {path}")
    return NOTHING


def file_manager(path: Path, environment: Mapping[str, str], platform: str = sys.platform) -> list[str]:
    """Give the command that shows a file; empty: there is none. On Linux its folder is opened."""
    if platform == "win32":
        root = environment.get("SYSTEMROOT")
        return [str(Path(root) / "explorer.exe"), f"/select,{path}"] if root else []
    if platform == "darwin":
        return ["/usr/bin/open", "-R", str(path)]
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return []
    found = shutil.which("xdg-open", path=environment.get("PATH") or os.defpath)
    return [found, str(path.parent)] if found and Path(found).is_absolute() else []
