"""The words of the commands for speech. Imports nothing heavy, so that `--help` is answered at once."""

import argparse

from mimo_tui.cli.options import Commands, add_agreement, add_currency, add_json, add_preset, chats_codes
from mimo_tui.core.text import clean

_TAKE = "the take: its id as `takes list` names it, or the beginning or the end of it, or last for the newest"


def add_speak(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add `speak`."""
    help_ = "have a text spoken, in a built-in, a designed or a cloned voice"
    parser = commands.add_parser(
        "speak",
        help=help_,
        description="Have a text spoken, in a built-in, a designed or a cloned voice. The sound goes into a file or to "
        "standard output; without -o it stays in the folder of takes, and its path is printed.",
        epilog=chats_codes(
            "the take is complete, also where nothing here can play it",
            ";\n     or the file is there already (--force writes over it)",
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    parser.add_argument(
        "text",
        nargs="?",
        metavar="TEXT",
        help="what is to be spoken; what comes by a pipe follows it, - is standard input alone",
    )
    add_preset(parser)
    parser.add_argument(
        "-m",
        "--model",
        default="",
        metavar="ID",
        help="the model (default: the current one for that kind of voice)",
    )
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument(
        "--voice",
        default="",
        metavar="VOICE",
        help="a built-in voice, as `mimo-tui voices` lists them; all: the same line in every one of them",
    )
    whose.add_argument("--design", metavar="WORDS", help="a voice that is described in words")
    whose.add_argument(
        "--clone", metavar="FILE", help="the voice of a sample, a WAV or MP3 file; - for standard input"
    )
    parser.add_argument(
        "-s", "--style", default="", metavar="WORDS", help="how it is to be spoken, in words: warm, unhurried"
    )
    parser.add_argument(
        "--format", choices=("wav", "mp3", "pcm"), default="", help="of the sound (default: by -o, else wav)"
    )
    parser.add_argument(
        "--polish",
        action="store_true",
        help="with --design: the model writes the text, or polishes what is given",
    )
    parser.add_argument("--no-stream", action="store_true", help="have the sound come as a whole")
    parser.add_argument(
        "-o",
        "--output",
        default="",
        metavar="FILE",
        help="write it there, by the ending .wav, .mp3 or .pcm; - is standard output; a folder with --voice all",
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument("--play", action="store_true", help="also play it, from the first sound on")
    parser.add_argument(
        "--check",
        action="store_true",
        help="have it recognised afterwards, and show what was heard otherwise",
    )
    add_currency(parser)
    parser.add_argument("-q", "--quiet", action="store_true", help="say no more than what is wrong")
    add_agreement(parser)
    add_json(parser)
    parser.set_defaults(answer="speak:speak")


def add_listen(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add `listen`."""
    help_ = "turn a recording into text"
    parser = commands.add_parser(
        "listen",
        help=help_,
        description="Turn a recording into text. It goes to standard output as it is heard, all else to standard "
        "error. A WAV that is too long for one request is cut at quiet places.",
        epilog=chats_codes("the text is complete"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    parser.add_argument(
        "recording",
        metavar="FILE",
        help="a WAV or MP3 file, - for standard input, or a take by its id or as last",
    )
    add_preset(parser)
    parser.add_argument(
        "-m", "--model", default="", metavar="ID", help="the model (default: the current one)"
    )
    parser.add_argument(
        "-l",
        "--language",
        default="",
        type=str.lower,
        metavar="L",
        help="its language, such as zh or en (default: it is found out)",
    )
    parser.add_argument("--no-stream", action="store_true", help="have the text come as a whole")
    add_currency(parser)
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="say no more than the text and what is wrong"
    )
    add_agreement(parser)
    add_json(parser)
    parser.set_defaults(answer="listen:listen_to")


def add_voices(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add `voices`."""
    help_ = "list the built-in voices, and where they are known from"
    parser = commands.add_parser("voices", help=help_, description=help_, parents=[common])
    add_json(parser)
    parser.set_defaults(answer="voices:list_all")


def add_takes(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add `takes`."""
    group = commands.add_parser("takes", help="list, save, keep and delete what was spoken", parents=[common])
    add_json(group)
    group.set_defaults(answer="takes:list_all")
    verbs = group.add_subparsers(dest="verb", metavar="verb")

    def verb(name: str, help_: str, answer: str) -> argparse.ArgumentParser:
        parser = verbs.add_parser(name, help=help_, description=help_, parents=[common])
        add_json(parser)
        parser.set_defaults(answer=f"takes:{answer}")
        return parser

    verb("list", "list the takes, the newest first", "list_all")
    saving = verb("save", "write a take into a file", "save")
    saving.add_argument("take", help=_TAKE)
    saving.add_argument(
        "-o", "--output", metavar="FILE", required=True, help="the file, by the ending .wav, .mp3 or .pcm"
    )
    saving.add_argument("--force", action="store_true", help="write over a file that is there")
    keeping = verb("keep", "have no clean-up take it away", "keep")
    keeping.add_argument("take", nargs="+", help=_TAKE)
    keeping.add_argument("--undo", action="store_true", help="keep it no longer")
    deleting = verb("delete", "delete takes; nothing brings them back", "delete")
    deleting.add_argument("take", nargs="+", help=_TAKE)
    cleaning = verb("clean", "delete every take that is not kept, or the oldest down to a size", "clean")
    cleaning.add_argument(
        "--megabytes",
        type=_megabytes,
        default=0,
        metavar="N",
        help="leave the newest, up to so many MB (default: 0)",
    )
    cleaning.add_argument(
        "--dry-run", action="store_true", help="show what would be deleted, and delete nothing"
    )
    for parser in (deleting, cleaning):
        parser.add_argument("-y", "--yes", action="store_true", help="do not ask")


def _megabytes(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"not a size in MB, such as 100: {clean(text)}")
    return int(text)
