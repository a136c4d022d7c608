"""A conversation as markdown and as JSON: all of it is there, nothing acts on a terminal, and no key is in it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mimo_tui.core.conversation import Attachment, Conversation, Role, Turn
from mimo_tui.core.model import Modality
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import clean, clean_lines
from mimo_tui.services import Services
from mimo_tui.services.playground.asking import say
from mimo_tui.services.playground.exporting import as_document, as_json, as_markdown
from tests.conftest import NOW
from tests.promises.test_p15_canaries import CANARIES, Said
from tests.promises.test_p15_records import conversation as with_key
from tests.services.conversations import answered, asking, following

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def said(*turns: Turn) -> Conversation:
    return Conversation(MappingProxyType({each.id: each for each in turns}), turns[-1].id)


async def a_talk(online: Services) -> Conversation:
    """Give a conversation in which an answer was asked for twice, and the search for pages found some."""
    asked = asking(online, "What is new?", parameters={"tools.web_search": True})
    conversation = following(asked, (await answered(online, asked)).turn)
    conversation = following(
        replace(asked, conversation=conversation),
        (await answered(online, replace(asked, conversation=conversation))).turn,
    )
    return say(conversation, "Thanks.", (), NOW, parent=conversation.head)


async def test_markdown_has_who_said_what_with_the_reasoning_folded_and_what_it_cost(
    online: Services,
) -> None:
    conversation = await a_talk(online)
    text = as_markdown(replace(conversation, title=clean("A *talk*"), system="Be brief."))
    lines = text.splitlines()
    assert lines[0] == "# A \\*talk\\*"
    assert lines[2].startswith("**SIMULATED")
    assert lines[4:7] == ["## System prompt", "", "Be brief."]
    assert [line for line in lines if line.startswith("## ") and " · " in line] == [
        "## You · 2026-11-23 12:00 UTC",
        "## mimo-v2.6-pro · 2026-11-23 12:00 UTC",
        "## You · 2026-11-23 12:00 UTC",
    ]
    answer = conversation.path()[1]
    assert f"<details>\n<summary>Reasoning</summary>\n\n{answer.reasoning}\n\n</details>" in text
    assert answer.text.strip() in text
    assert "*Said in 1 other way as well.*" in text
    assert "tokens/s ·" in text
    assert text.endswith("Thanks.\n")


async def test_json_has_the_whole_tree(online: Services) -> None:
    conversation = await a_talk(online)
    document = json.loads(as_json(conversation))
    assert document == as_document(conversation)
    assert (document["schema"], document["simulated"], document["head"]) == (1, True, 4)
    assert [(turn["id"], turn["parent"], turn["role"]) for turn in document["turns"]] == [
        (1, None, "user"),
        (2, 1, "assistant"),
        (3, 1, "assistant"),
        (4, 3, "user"),
    ]
    answer = document["turns"][1]["answer"]
    assert answer["complete"] is True
    assert answer["usage"]["completion"] > 0
    assert answer["cost"]["currency"] == "CNY"
    assert answer["parameters"] == {"tools.web_search": True}


def test_media_are_told_without_their_bytes() -> None:
    picture = Attachment(
        *(Modality.IMAGE, clean("/a/b.png"), clean("b.png"), "image/png", 7, "d1"),
        data=b"\x89PNG-7",
        width=4,
        height=3,
        tokens=12,
    )
    conversation = said(Turn(1, None, Role.USER, AT, "Look", attachments=(picture,)))
    text, markdown = as_json(conversation), as_markdown(conversation)
    assert json.loads(text)["turns"][0]["attachments"][0]["size"] == 7
    assert "PNG-7" not in text
    assert "- `/a/b.png`: image, 4×3, 7 bytes, about 12 tokens" in markdown


def test_what_a_model_wrote_cannot_swallow_what_follows() -> None:
    thought = "I think </details> so\n~~~~python\nx"
    conversation = said(
        Turn(1, None, Role.USER, AT, "Hi"),
        Turn(2, 1, Role.ASSISTANT, AT, "````\n```\nstill code\n", thought),
        Turn(3, 2, Role.USER, AT, "And then?"),
    )
    text = as_markdown(conversation)
    headings = [each.content for each in MarkdownIt().parse(text) if each.type == "inline"]
    assert [each for each in headings if " · " in each] == [
        "You · 2026-11-23 12:00 UTC",
        "Assistant · 2026-11-23 12:00 UTC",
        "You · 2026-11-23 12:00 UTC",
    ]
    assert text.count("</details>") == 1


@given(st.text(), st.text())
def test_no_character_of_an_export_acts_on_a_terminal(text: str, reasoning: str) -> None:
    conversation = replace(
        said(Turn(1, None, Role.ASSISTANT, AT, text, reasoning)), title=clean(text), system=reasoning
    )
    markdown, document = as_markdown(conversation), as_json(conversation)
    for written in (markdown.replace("\t", " "), document):
        assert clean_lines(written) == written
    assert json.loads(document)["turns"][0]["text"] == text


def test_tabs_stay() -> None:
    assert "a:\n\tb\n" in as_markdown(said(Turn(1, None, Role.USER, AT, "a:\n\tb")))


def test_no_key_is_in_an_export() -> None:
    heard, secrets = Said(), tuple(map(Secret, CANARIES))
    for key in CANARIES:
        conversation = with_key(key)
        for written in (as_markdown(conversation, secrets), as_json(conversation, secrets)):
            heard.hear(written, "an export")
    assert heard.texts == 2 * len(CANARIES)
