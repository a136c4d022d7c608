"""`mimo-tui` and `python -m mimo_tui`."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Asked by scripts, often: answered before anything else is imported.
        from mimo_tui import __version__

        sys.stdout.write(f"mimo-tui {__version__}\n")
        return
    from mimo_tui.cli.commands import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
