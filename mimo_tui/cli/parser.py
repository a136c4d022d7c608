"""The words of the command line. Imports nothing heavy, so that `--help` is answered at once.

Each command names the function that answers it as `module:function` of this package; `commands` calls it.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mimo_tui.cli.options import Commands, add_agreement, add_currency, add_json, add_preset, chats_codes
from mimo_tui.cli.speech_parser import add_listen, add_speak, add_takes, add_voices
from mimo_tui.cli.times import read_time

EXIT_CODES = """\
exit codes:
  0  done
  1  failed: the sentence on standard error says why; or a check found nothing certain
  2  wrong usage
  3  refused: findings of severity error stand against it (--force overrides where it is safe),
     or it cannot be done to this file; or a check or the doctor found something wrong;
     or the service refused what was asked
  4  ambiguous: the candidates are listed
  5  the file changed meanwhile; nothing was written
"""

_DOCTORS_CODES = """\
exit codes:
  0  nothing is wrong; remarks (·) are no more than worth knowing
  1  nothing could be looked at, the report could not be written, or nothing wrong was found
     and all that --check asked was asked in vain
  3  there are errors or warnings
"""

_LANGUAGES = ("en-US", "zh-CN")
DRIFT = (
    "price",
    "price-of-sound",
    "price-in-credits",
    "requests-a-minute",
    "context",
    "longest-output",
    "new-model",
    "model-gone",
    "retirement-announced",
    "retirement-moved",
    "successor",
    "host-added",
    "host-gone",
    "host-renamed",
    "key-prefix",
    "voice-added",
    "voice-gone",
    "feature-gone",
    "feature-added",
    "input-gone",
    "error-code",
    "parameter",
    "page-gone",
    "index-gone",
    "index-moved",
    "voice-unlisted",
)
"""What the simulated docs or answers can contradict; its meaning is in the simulator, which is too heavy for help."""
_DRIFT_NAMES = "what --drift can plant:\n" + "\n".join(
    f"  {', '.join(DRIFT[at : at + 6])}" for at in range(0, len(DRIFT), 6)
)
_WHICH = ("name", "the preset: its name, its file's, saved/NAME or a path")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments; ends the program with code 2 and a sentence where they are off."""
    common = _common(argparse.SUPPRESS)
    parser: argparse.ArgumentParser = _Parser(
        prog="mimo-tui",
        description="Presets, keys and models of Xiaomi MiMo. Without a command, the screen opens.",
        epilog=f"{EXIT_CODES}\n{_DRIFT_NAMES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_common(None)],
    )
    parser.add_argument("-V", "--version", action="store_true", help="print the version")
    parser.set_defaults(answer=None, json=False, written=False)
    commands = parser.add_subparsers(dest="command", metavar="command")
    _add_presets(commands, common)
    _add_switch(commands, common)
    _add_keys(commands, common)
    _add_models(commands, common)
    _add_docs(commands, common)
    _add_chat(commands, common)
    add_speak(commands, common)
    add_listen(commands, common)
    add_voices(commands, common)
    add_takes(commands, common)
    _add_doctor(commands, common)
    _add_simulate(commands, common)
    parsed, unknown = parser.parse_known_args(arguments)
    if unknown and parsed.command == "keys":
        parser.error(
            "keys does not take all of these arguments; they are not repeated, since one may be a key"
        )
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    if parsed.demo and parsed.home is not None:
        parser.error("--demo brings a home of its own; leave one of --demo and --home out")
    if parsed.at is not None and not parsed.demo and parsed.command != "simulate":
        parser.error("--at is for --demo and for simulate; everywhere else it is now")
    if parsed.drift and not parsed.demo and parsed.command != "simulate":
        parser.error("--drift is for --demo and for simulate; the real docs drift by themselves")
    return parsed


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints name what was typed, made safe for a terminal."""

    def error(self, message: str) -> NoReturn:
        from mimo_tui.core.secrets import redact
        from mimo_tui.core.text import clean

        super().error(clean(redact(message)))


def _common(default: str | None) -> argparse.ArgumentParser:
    """The options that every command takes, before its name or after it."""
    common = argparse.ArgumentParser(add_help=False, argument_default=default)
    common.add_argument(
        "--home", type=Path, metavar="DIR", help="the home folder to work in (default: yours)"
    )
    common.add_argument(
        "--demo",
        action="store_true",
        default=default or False,
        help="work on a sample library in a temporary folder, with a simulated platform",
    )
    common.add_argument(
        "--at",
        type=read_time,
        metavar="TIME",
        help="with --demo and simulate: the time there at the start, such as 2026-10-22T09:00+08:00 (default: now)",
    )
    common.add_argument(
        "--drift",
        action="append",
        metavar="NAME",
        help="with --demo and simulate: docs there that contradict what is known of MiMo; "
        "`mimo-tui --help` lists the names",
    )
    common.add_argument(
        "--offline", action="store_true", default=default or False, help="open no connection at all"
    )
    return common


def _add_presets(commands: Commands, common: argparse.ArgumentParser) -> None:
    group = commands.add_parser("presets", help="list, show and change presets", parents=[common])
    add_json(group)
    group.set_defaults(answer="presets:list_all")
    verbs = group.add_subparsers(dest="verb", metavar="verb")

    def verb(
        name: str, help_: str, answer: str, *positional: tuple[str, str], saves: bool = False
    ) -> argparse.ArgumentParser:
        parser = verbs.add_parser(name, help=help_, description=help_, parents=[common])
        for argument, meaning in positional:
            optional = argument.startswith("[")
            parser.add_argument(argument.strip("[]"), nargs="?" if optional else None, help=meaning)
        add_json(parser)
        parser.set_defaults(answer=f"presets:{answer}")
        if saves:
            _add_saving(parser)
        return parser

    verb("list", "list every preset with its endpoint, slot and findings", "list_all")
    verb("show", "show one preset with its findings and fixes", "show", _WHICH)
    setting = verb(
        "set",
        "set one field of a preset",
        "set_field",
        _WHICH,
        (
            "field",
            "name, summary, tier, provider, model, base_url, api_compat, slot, context_limit, or a path",
        ),
        ("[value]", "the value; for a path such as manifest.llm.model, JSON or plain text"),
        saves=True,
    )
    setting.add_argument("--unset", action="store_true", help="remove the field instead")
    _add_fix(setting)
    fixing = verb("fix", "apply fixes of a preset's findings", "fix", _WHICH, saves=True)
    fixing.add_argument("fix", nargs="+", metavar="id", help="the fix, as `presets show` names it")
    cloning = verb(
        "clone",
        "copy a preset under a new name",
        "clone",
        _WHICH,
        ("[new_name]", "default: NAME-1, or the next number that is free"),
        saves=True,
    )
    cloning.add_argument("--own-slot", action="store_true", help="give the copy a slot of its own")
    verb(
        "rename",
        "rename a preset, inside and the file",
        "rename",
        _WHICH,
        ("new_name", "the new name"),
        saves=True,
    )
    verb("delete", "delete a preset (undo brings it back)", "delete", _WHICH, saves=True)
    testing = verb("test", "ask its host: four lamps from “host answers” to “request works”", "test", _WHICH)
    testing.add_argument(
        "--request", action="store_true", help="also send a request, which costs a few tokens"
    )
    testing.add_argument(
        "--yes", action="store_true", help="also send a key of MiMo to a host that is not MiMo's"
    )
    testing.set_defaults(answer="testing:test")
    undoing = verb("undo", "take back the newest change", "undo", ("[name]", "only changes of this preset"))
    redoing = verb(
        "redo", "do the change again that was undone last", "redo", ("[name]", "only changes of this preset")
    )
    verb(
        "history",
        "list the changes that can be restored",
        "history",
        ("[name]", "only changes of this preset"),
    )
    verb("diff", "show what a change did", "diff", ("[change]", "the change's id (default: the newest)"))
    restoring = verb(
        "restore", "bring back the state before a change", "restore", ("change", "the change's id")
    )
    for parser in (undoing, redoing, restoring):
        parser.add_argument("--yes", action="store_true", help="do not ask")


def _add_switch(commands: Commands, common: argparse.ArgumentParser) -> None:
    switching = commands.add_parser("switch", help="move a preset to another model", parents=[common])
    switching.add_argument("name", help=_WHICH[1])
    switching.add_argument("model", help="the model's id")
    add_json(switching)
    _add_fix(switching)
    _add_saving(switching)
    switching.set_defaults(answer="presets:switch")


def _add_keys(commands: Commands, common: argparse.ArgumentParser) -> None:
    group = commands.add_parser("keys", help="list, check and set keys; none is shown", parents=[common])
    add_json(group)
    group.set_defaults(answer="keys:list_all")
    verbs = group.add_subparsers(dest="verb", metavar="verb")

    def verb(name: str, help_: str, answer: str) -> argparse.ArgumentParser:
        parser = verbs.add_parser(name, help=help_, description=help_, parents=[common])
        add_json(parser)
        parser.set_defaults(answer=answer)
        return parser

    verb("list", "list every slot with its masked key and the last verdict", "keys:list_all")
    checking = verb("check", "ask the hosts of MiMo where a key belongs, free of charge", "checking:check")
    checking.add_argument(
        "slot", nargs="*", help="the slot's name (default: every slot of MiMo that holds a key)"
    )
    checking.add_argument(
        "--family", metavar="ID", help="the hosts to ask, such as token-plan, where the key does not say"
    )
    checking.add_argument("--fix", action="store_true", help="move misplaced presets to the right host")
    setting = verb(
        "set", "put a key into a slot; it is asked for, or read from standard input", "keys:set_key"
    )
    setting.add_argument("slot", help="the slot's name, such as MIMO_1_API_KEY")
    adding = verb("add", "put a key into the next free slot", "keys:add_key")
    adding.add_argument(
        "--provider", default="mimo", metavar="ID", help="whose key it is, by Lingtai's name (default: mimo)"
    )
    for parser in (checking, setting, adding):
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would be saved, and save nothing"
        )
        parser.add_argument("--yes", action="store_true", help="save without asking")
    for parser in (setting, adding):
        # A key that was typed here is refused in words of our own, which do not repeat it.
        parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)


def _add_models(commands: Commands, common: argparse.ArgumentParser) -> None:
    help_ = "list the models with what is known of them, and from where"
    listing = commands.add_parser("models", help=help_, description=help_, parents=[common])
    listing.add_argument("id", nargs="?", help="show all that is known of this model")
    listing.add_argument(
        "--currency", choices=("USD", "CNY"), default="USD", type=str.upper, help="of prices (default: USD)"
    )
    add_json(listing)
    listing.set_defaults(answer="models:list_all")


def _add_docs(commands: Commands, common: argparse.ArgumentParser) -> None:
    group = commands.add_parser(
        "docs", help="list, read, search, compare and fetch the documentation", parents=[common]
    )
    add_json(group)
    group.set_defaults(answer="docs:list_all", lang=None)
    verbs = group.add_subparsers(dest="verb", metavar="verb")

    def verb(name: str, help_: str, answer: str, *languages: str) -> argparse.ArgumentParser:
        parser = verbs.add_parser(name, help=help_, description=help_, parents=[common])
        parser.add_argument(
            "--lang",
            choices=languages or _LANGUAGES,
            help="the language (default: that of config.toml, else English)",
        )
        add_json(parser)
        parser.set_defaults(answer=answer)
        return parser

    named = (
        "name",
        "the page: its path or the end of it, its address or its title, or an area such as models",
    )
    verb("list", "list the pages that are here, with their age", "docs:list_all")
    showing = verb("show", "print a page as markdown", "docs:show_page")
    showing.add_argument(named[0], help=named[1])
    showing.add_argument("--raw", action="store_true", help="print its text as it came")
    showing.add_argument(
        "--version",
        dest="version_digest",
        default="",
        metavar="V",
        help="an old version, as `docs history` names it",
    )
    searching = verb(
        "search", "find the places that hold all the words, in every language", "docs:search_pages"
    )
    searching.add_argument("words", nargs="+", help="the words, or parts of them")
    verb("update", "fetch what changed", "docs_update:update", *_LANGUAGES, "all")
    comparing = verb("diff", "show what changed in a page, or which pages changed", "docs:diff_page")
    comparing.add_argument(named[0], nargs="?", help=named[1])
    comparing.add_argument(
        "--from", dest="old", default="", metavar="V", help="the version before (default: the last)"
    )
    comparing.add_argument(
        "--to", dest="new", default="", metavar="V", help="the version after (default: the newest)"
    )
    tracing = verb("history", "list the versions of a page", "docs:history")
    tracing.add_argument(named[0], help=named[1])


def _add_chat(commands: Commands, common: argparse.ArgumentParser) -> None:
    help_ = "ask a model through a preset; the answer comes as it is written"
    asking = commands.add_parser(
        "chat",
        help=help_,
        description=f"{help_[:1].upper()}{help_[1:]}. It goes to standard output, all else to standard error.",
        epilog=chats_codes("the answer is complete"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    asking.add_argument(
        "prompt",
        nargs="?",
        metavar="PROMPT",
        help="what to ask; what comes by a pipe follows it, - is standard input alone. "
        "With neither, on a terminal, it asks for one prompt after the other until ctrl+d",
    )
    add_preset(asking)
    asking.add_argument("-m", "--model", default="", metavar="ID", help="another model than the preset's")
    asking.add_argument(
        "-s",
        "--system",
        metavar="TEXT",
        help="the system prompt: its text, @FILE, or the name of one that is kept",
    )
    asking.add_argument(
        "-a",
        "--attach",
        action="append",
        default=[],
        metavar="FILE",
        help="an image, a sound or a film: a path, a URL, or - for standard input (repeat for more)",
    )
    asking.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter, such as temperature=0.3 (repeat for more)",
    )
    asking.add_argument(
        "--params", action="store_true", help="list the parameters that the model takes, and ask nothing"
    )
    asking.add_argument(
        "-c", "--continue", dest="goes_on", action="store_true", help="go on with the newest conversation"
    )
    add_currency(asking)
    asking.add_argument("--no-stream", action="store_true", help="have the answer come as a whole")
    asking.add_argument(
        "--reasoning", action="store_true", help="also write what the model thinks to standard error"
    )
    asking.add_argument(
        "--raw",
        action="store_true",
        help="print request and answer as they went over the wire, without the key",
    )
    asking.add_argument(
        "-q", "--quiet", action="store_true", help="say no more than the answer and what is wrong"
    )
    add_agreement(asking)
    add_json(asking)
    asking.set_defaults(answer="chat:chat")


def _add_doctor(commands: Commands, common: argparse.ArgumentParser) -> None:
    help_ = "say everything that is wrong: presets, keys, files, docs"
    examining = commands.add_parser(
        "doctor",
        help=help_,
        description=f"{help_[:1].upper()}{help_[1:]}. Nothing is sent, and nothing written but what is asked for.",
        epilog=_DOCTORS_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    examining.add_argument(
        "--check", action="store_true", help="fetch the docs and ask the hosts about every key of MiMo first"
    )
    examining.add_argument(
        "--report", metavar="FILE", help="also write a report for others, without keys and paths; - prints it"
    )
    examining.add_argument("--yes", action="store_true", help="write over a report that is there")
    add_json(examining)
    examining.set_defaults(answer="doctor:doctor")


def _add_simulate(commands: Commands, common: argparse.ArgumentParser) -> None:
    help_ = "serve the simulated platform on this machine, for any client"
    serving = commands.add_parser(
        "simulate",
        help=help_,
        description=help_,
        epilog=_DRIFT_NAMES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    serving.add_argument("--port", type=int, default=0, metavar="N", help="the port (default: any free one)")
    add_json(serving)


def _add_fix(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fix", action="append", default=[], metavar="ID", help="also apply this fix (repeat for more)"
    )


def _add_saving(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="show what would be saved, and save nothing")
    parser.add_argument("--yes", action="store_true", help="save without asking")
    parser.add_argument(
        "--force", action="store_true", help="save though errors stand against it, where that is safe"
    )
