"""What a program that is started may know of this one: where sound and screens are, and nothing else."""

from collections.abc import Mapping
from typing import Final

from mimo_tui.core.secrets import looks_like_a_key

_NAMES: Final = frozenset(
    {
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "LANG",
        "TMPDIR",
        "TEMP",
        "TMP",
        "PYTHONPATH",
        # Where a sound server listens, and which device is meant.
        "XDG_RUNTIME_DIR",
        "DBUS_SESSION_BUS_ADDRESS",
        "AUDIODEV",
        "AUDIODRIVER",
        "SDL_AUDIODRIVER",
        "JACK_DEFAULT_SERVER",
        # Where the desktop is.
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
        "XDG_CONFIG_HOME",
        "XDG_CURRENT_DESKTOP",
        "XDG_DATA_DIRS",
        "XDG_DATA_HOME",
        "XDG_SESSION_TYPE",
        "DESKTOP_SESSION",
        # How the person came to this machine.
        "SSH_CONNECTION",
        # Without these nothing starts on Windows.
        "APPDATA",
        "COMSPEC",
        "LOCALAPPDATA",
        "PATHEXT",
        "SYSTEMDRIVE",
        "SYSTEMROOT",
        "USERPROFILE",
        "WINDIR",
    }
)
_BEGINNINGS: Final = ("LC_", "PULSE_", "PIPEWIRE_", "ALSA_")


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the part of an environment that finding loudspeakers and file managers takes; no key is in it."""
    return {
        name: value
        for name, value in environment.items()
        if (name in _NAMES or name.startswith(_BEGINNINGS)) and not looks_like_a_key(value)
    }
