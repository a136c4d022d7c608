"""Promise 27: hostile text of a page that is kept reaches no terminal raw."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from mimo_tui.cli.commands import run
from mimo_tui.core.text import clean
from mimo_tui.store.docs_cache import DocsCache, Fetched
from mimo_tui.store.places import places
from tests.conftest import NOW

PIECES = (
    *(
        "\x1b[2J",
        "\x1b]52;c;eA==\x07",
        "\x1b]8;;https://x.example\x1b\\",
        "\x9b31m",
        "\x90q",
        "\x07",
        "\x08",
        "\x7f",
        "\x00",
        "\r",
    ),
    *("\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\u061c", "\U000e0041", "\ud800"),
    *("[@click=app.quit]x[/]", "[bold red]", "[/foo]", "$error", "needle", "密钥", " ", "\n", "\n\n", "\t"),
    *(
        "# ",
        "## ",
        "- ",
        "> ",
        "| a | b |\n| --- | --- |\n",
        "```\n",
        "`",
        "**",
        "[t](javascript:x)",
        "<b>",
        "</td>",
        "{/* ",
        " */}",
    ),
    *(
        "<InlineSchemaV2 schema={`[",
        '{"name": "',
        '", "description": "<br />',
        '"}',
        "]`} />",
        "<Tab>",
        "<TabItem label={`",
        "`}>",
    ),
)


@pytest.mark.parametrize("count", [12, pytest.param(250, marks=pytest.mark.long)])
def test_hostile_pages_are_shown_searched_and_compared_without_a_raw_character(
    home: Path, capsys: pytest.CaptureFixture[str], count: int, reached: Callable[[str, str], None]
) -> None:
    random = Random(27)
    docs = DocsCache(places(home).docs)
    for version in range(2):
        pages = [
            Fetched(
                f"p/{number}",
                "en-US",
                clean(_hostile(random)),
                clean(_hostile(random)),
                "needle" + _hostile(random),
            )
            for number in range(count)
        ]
        docs.put_pages(pages, NOW + timedelta(days=version))
    commands = [["list"], ["diff"], ["search", "needle"], ["search", "密钥"], ["search", "\x1b[2J"]]
    commands += [[*words, f"p/{number}"] for number in range(count) for words in (["show"], ["diff"])]
    commands += [["show", "--raw", f"p/{number}"] for number in range(0, count, 5)]
    written = 0
    for number, words in enumerate(commands):
        run(["docs", *words, *(["--json"] if number % 3 == 0 else []), "--home", str(home)])
        said = capsys.readouterr()
        lines = (said.out + said.err).split("\n")
        assert all(clean(line) == line for line in lines), words
        written += len(lines)
    assert written > 10 * count
    reached("27", f"{count} hostile pages kept, {len(commands)} commands over them: 0 of {written} lines raw")


def _hostile(random: Random) -> str:
    return "".join(random.choice(PIECES) for _ in range(60))
