"""Where things lie: the person's home with Lingtai's files, and our own state folder."""

from dataclasses import dataclass
from pathlib import Path

LINGTAI = ".lingtai-tui"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders that everything is in: `home` is the person's, `state` and `settings_folder` are ours."""

    home: Path
    state: Path
    settings_folder: Path

    @property
    def lingtai(self) -> Path:
        """Lingtai's own folder; it knows no other place (`lingtai-presets.md` §1.1)."""
        return self.home / LINGTAI

    @property
    def templates(self) -> Path:
        """The built-in presets, which Lingtai rewrites on each launch."""
        return self.legacy / "templates"

    @property
    def saved(self) -> Path:
        """The presets that belong to the person."""
        return self.legacy / "saved"

    @property
    def legacy(self) -> Path:
        """The flat folder of old presets, which also holds the two others."""
        return self.lingtai / "presets"

    @property
    def env_file(self) -> Path:
        """The file of keys, the source of truth."""
        return self.lingtai / ".env"

    @property
    def config_file(self) -> Path:
        """Lingtai's mirror of the keys."""
        return self.lingtai / "config.json"

    @property
    def registry_file(self) -> Path:
        """The projects that Lingtai knows: one JSON object a line, with a `path`."""
        return self.lingtai / "registry.jsonl"

    @property
    def history(self) -> Path:
        """Our snapshots, for undo and restore."""
        return self.state / "history"

    @property
    def checks(self) -> Path:
        """Our memory of the verdicts on keys; no key is in it."""
        return self.state / "checks.json"

    @property
    def docs(self) -> Path:
        """The documentation as it was fetched."""
        return self.state / "docs.sqlite"

    @property
    def observations(self) -> Path:
        """What hosts and calls answered."""
        return self.state / "observations.sqlite"

    @property
    def sessions(self) -> Path:
        """The conversations of the playground, with no key in them."""
        return self.state / "sessions.sqlite"

    @property
    def takes(self) -> Path:
        """What was spoken: a sound file and its details each, with no key in them."""
        return self.state / "takes"

    @property
    def prompts(self) -> Path:
        """The person's system prompts: one file each."""
        return self.settings_folder / "prompts"

    @property
    def settings(self) -> Path:
        """What the person set for this program."""
        return self.settings_folder / "config.toml"


def places(home: Path | None = None) -> Places:
    """Give the places of this person, or those below `home`: then our own folders lie there too.

    `home` may also be the `.lingtai-tui` folder itself. Nothing is read or made.
    """
    if home is None:
        from platformdirs import user_config_path, user_state_path

        return Places(
            Path.home(),
            user_state_path("mimo-tui", appauthor=False),
            user_config_path("mimo-tui", appauthor=False),
        )
    home = home.expanduser().absolute()
    if home.name == LINGTAI:
        home = home.parent
    return Places(home, home / ".local" / "state" / "mimo-tui", home / ".config" / "mimo-tui")
