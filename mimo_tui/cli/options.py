"""Options that several commands take. Imports nothing heavy, so that `--help` is answered at once."""

import argparse
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 has no public name


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    # Suppressed, so that `presets --json list` and `presets list --json` say the same.
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document"
    )


def add_preset(parser: argparse.ArgumentParser) -> None:
    """Add `--preset`, by which a model is asked."""
    parser.add_argument(
        "--preset", default="", metavar="NAME", help="the preset (default: the only one of MiMo with a key)"
    )


def add_currency(parser: argparse.ArgumentParser) -> None:
    """Add `--currency`, in which costs are told."""
    parser.add_argument(
        "--currency",
        choices=("CNY", "USD"),
        default="",
        type=str.upper,
        help="of the cost (default: that of config.toml, else CNY)",
    )


def add_agreement(parser: argparse.ArgumentParser) -> None:
    """Add `--yes`, by which a person agrees to where a key goes."""
    parser.add_argument(
        "-y", "--yes", action="store_true", help="also send a key of MiMo to a host that is not MiMo's"
    )


def chats_codes(done: str, refused: str = "") -> str:
    """Give the exit codes of a command that asks a model: what 0 means, and what 3 means beside what it always does."""
    return f"""\
exit codes:
  0  {done}
  1  it failed, broke off or was stopped; what came stays
  2  wrong usage; nothing was sent
  3  the service refused it: the key, the model, a parameter, its content{refused}
  4  several presets could be meant; they are listed
"""
