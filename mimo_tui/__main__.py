"""`mimo-tui` and `python -m mimo_tui`."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Asked by scripts, often: answered before anything else is imported.
        sys.exit(print_version())
    from mimo_tui.cli.commands import run

    sys.exit(run(sys.argv[1:]))


def print_version() -> int:
    """Print the version; gives the exit code."""
    from mimo_tui import __version__

    sys.stdout.write(f"mimo-tui {__version__}\n")
    return 0


if __name__ == "__main__":
    main()
