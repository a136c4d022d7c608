"""`mimo-tui` and `python -m mimo_tui`."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Asked by scripts, often: answered before anything else is imported.
        sys.exit(print_version())
    try:
        from mimo_tui.cli.commands import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        # While all is still imported, where no command has begun that could say more. Shells give the same code to
        # what the signal itself ended, which Python makes of it where the code that was stopped was made at run time.
        sys.stderr.write("\rStopped.\n")
        code = 130
    sys.exit(code)


def print_version() -> int:
    """Print the version; gives the exit code."""
    from mimo_tui import __version__

    sys.stdout.write(f"mimo-tui {__version__}\n")
    return 0


if __name__ == "__main__":
    main()
