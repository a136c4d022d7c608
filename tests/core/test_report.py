"""The report keeps its form whatever it is about, and tells neither a key nor where somebody lives."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mimo_tui.core.hiding import Hidden
from mimo_tui.core.quoting import block, inline_code, sentence
from mimo_tui.core.report import Evidence, Gravity, Issue, Remedy, Report, write
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean, clean, clean_lines

MEND = Remedy(clean("mend it"), clean("mend"))
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HEADINGS = [
    "What's wrong",
    "Where",
    "Reproduction",
    "What you expected",
    "What actually happened",
    "Severity",
    "Suggested fix (optional)",
]
EVIL = (
    "```\n## Where\n```",
    "````text\n# x",
    "~~~\n## Severity",
    "Setext\n===",
    "\n\n## What you expected\n\n",
    "<script>alert(1)</script>",
    "<!-- ",
    "</details>\r## Where",
    "\u2028## Where\u2029# x",
    "\x1b]52;c;aGk=\x07",
    "a\u202eb",
    "[click](javascript:alert(1)) ![x](https://evil/x.png)",
    "@everyone look at #123",
    "`` ` ```` ` ``",
    "`",
    "    indented",
    "> quote",
    "| a | b |\n|---|---|",
    "---",
    "&lt;b&gt; $x$ *bold* _it_ \\",
)


def issue(text: str = "the model is retired", **others: object) -> Issue:
    made = Issue(
        code="model-retired",
        component=clean("preset"),
        places=(clean(text),),
        files=(clean(text),),
        message=clean(text),
        expected=clean(text),
        actual=clean(text),
        nature=clean("of nobody"),
        gravity=Gravity.MINOR,
        evidence=(Evidence(clean(text), clean_lines(text)),),
        remedies=(Remedy(clean(text), clean(text)),),
    )
    return replace(made, **others)  # type: ignore[arg-type]


def report(*issues: Issue, **others: object) -> Report:
    made = Report(
        at=AT,
        issues=issues,
        commands=(clean("mimo-tui doctor"),),
        works=(clean("2 of 3 presets have nothing wrong."),),
        basis=(clean("The docs were never fetched."),),
        versions=((clean("mimo-tui"), clean("1.0")), (clean("Lingtai's TUI"), clean("unknown"))),
    )
    return replace(made, **others)  # type: ignore[arg-type]


def headings(text: str) -> list[str]:
    """The headings that a reader of Markdown sees, whatever their level."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [tokens[number + 1].content for number, token in enumerate(tokens) if token.type == "heading_open"]


def fences(text: str) -> list[str]:
    return [token.content for token in MarkdownIt("commonmark").parse(text) if token.type == "fence"]


def kinds(text: str) -> set[str]:
    """Every kind of thing in it, in lines of text too."""
    found = set()
    for token in MarkdownIt("commonmark").parse(text):
        found |= {token.type, *(child.type for child in token.children or ())}
    return found


def test_the_form_has_its_headings_in_their_order_and_the_subject_first() -> None:
    text = write(report(issue()), Hidden())
    assert text.startswith("[Issue Report] ")
    assert headings(text) == HEADINGS
    assert text.endswith("\n")
    assert "\n\n\n" not in text


def test_where_nothing_would_mend_it_no_fix_is_suggested() -> None:
    assert headings(write(report(issue(remedies=())), Hidden())) == HEADINGS[:-1]


def test_a_report_of_nothing_says_so() -> None:
    text = write(report(), Hidden())
    assert "Nothing was found that is wrong." in text
    assert headings(text) == HEADINGS[:-1]


@pytest.mark.parametrize("text", EVIL)
def test_no_evidence_breaks_the_form_or_becomes_markup(text: str) -> None:
    written = write(report(issue(text), issue(text, gravity=Gravity.BLOCKING)), Hidden())
    assert headings(written) == HEADINGS
    assert clean_lines(text) + "\n" in fences(written)
    assert kinds(written) <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text"),
        *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "fence"),
        *("code_inline", "strong_open", "strong_close", "text_special", "softbreak"),
    }


@settings(max_examples=60)
@given(st.text(alphabet=st.one_of(st.sampled_from("`~#<>[]()!*_-=+|\\\n\r\t &@1. a"), st.characters())))
def test_no_text_at_all_breaks_the_form(text: str) -> None:
    written = write(report(issue(text)), Hidden())
    assert headings(written) == HEADINGS
    assert fences(block(text)) == [clean_lines(text) + "\n"]
    assert clean_lines(written) == written


@pytest.mark.parametrize("text", EVIL)
def test_a_line_of_text_is_shown_to_the_letter(text: str) -> None:
    for shown in (inline_code(text), "x" + sentence(text)):
        (paragraph,) = [
            token for token in MarkdownIt("commonmark").parse(f"x {shown}") if token.type == "inline"
        ]
        said = "".join(child.content for child in paragraph.children or ())
        assert "".join(clean(text).split()) in "".join(said.split())


def test_nobody_is_mentioned_and_no_issue_linked() -> None:
    assert sentence("ask @someone about #12") == "ask `@someone` about `#12`"


def test_the_gravest_is_the_severity_and_each_has_its_own() -> None:
    text = write(report(issue("one"), issue("two", gravity=Gravity.BLOCKING)), Hidden())
    assert "## Severity\n\n`blocking`\n\nblocking: **(2)**; minor: **(1)**." in text
    many = [issue(str(number), gravity=list(Gravity)[number // 3]) for number in range(5)]
    assert "blocking: **(1)**–**(3)**; major: **(4)**–**(5)**." in write(report(*many), Hidden())


def test_what_is_the_same_of_several_is_said_once_with_their_numbers() -> None:
    alike = [issue(name, expected=clean("as it was"), remedies=(MEND,)) for name in ("one", "two", "three")]
    text = write(report(*alike, issue("four")), Hidden())
    assert text.count("as it was") == 1
    assert "**(1)**–**(3)** as it was" in text
    assert "**(1)**–**(3)** mend it: `mend`" in text


def test_commands_that_do_the_same_stand_under_one_title() -> None:
    mends = tuple(Remedy(clean("mend it"), clean(f"mend {name}")) for name in ("one", "two"))
    text = write(report(issue(remedies=(*mends, Remedy(clean("see `mimo-tui models`"))))), Hidden())
    assert "mend it: `mend one`, `mend two`; or see `mimo-tui models`" in text


@pytest.mark.parametrize(
    "name", ["mimo-v2.6-pro is gone", "saved/x.json is no object", "bash is old", "tags stay"]
)
def test_a_name_at_the_beginning_of_a_sentence_stays_as_it_is(name: str) -> None:
    assert f"\n\n{name} (" in write(report(issue(name)), Hidden())
    assert "\n\nThe model is" in write(report(issue("the model is retired")), Hidden())


def test_what_was_simulated_says_so_in_the_subject_and_in_the_text() -> None:
    text = write(report(issue(), simulated=True), Hidden())
    assert text.startswith("[Issue Report] SIMULATED: ")
    assert "nobody should file it" in text


KEYS = ("sk-Canary0123456789abcdefghij", "Xk.*+?[a]{2}(b|c)$^\\d/Canary=", "a_b_c_d_e_f", "Schlüssel-金丝雀")


@pytest.mark.parametrize("key", KEYS)
def test_a_known_key_is_in_no_part_of_it(key: str) -> None:
    text = write(report(issue(f"the key {key} is refused")), Hidden((Secret(key),)))
    assert key not in text
    assert sentence(key) not in text
    assert "••••••" in text


HOMES = (
    ("/home/ling tai", "/home/ling tai/x.json", "~/x.json"),
    ("/home/me", "“/home/me/x.json”", "“~/x.json”"),
    ("/home/me", '{"path": "\\/home\\/me\\/x"}', '{"path": "~\\/x"}'),
    ("/home/me", "file:///home/me/x", "file:~/x"),
    ("/home/ling tai", "https://h/?p=%2Fhome%2Fling%20tai%2Fx", "https://h/?p=~%2Fx"),
    ("/home/me", "PATH=/bin:/home/me/bin:/home/me", "PATH=/bin:~/bin:~"),
    ("/home/me", "/home/me2/x and /srv/home/me/x", "/home/me2/x and /srv/home/me/x"),
    ("/home/me", "/HOME/Me//x", "~//x"),
    ("C:\\Users\\me", "C:\\Users\\me\\x and C:/Users/me/x", "~\\x and ~/x"),
    ("C:\\Users\\me", '"C:\\\\Users\\\\me\\\\x"', '"~\\\\x"'),
    ("/home/é", '"/home/\\u00e9/x"', '"~/x"'),
    ("/", "/etc/x", "/etc/x"),
)


@pytest.mark.parametrize(("home", "text", "shown"), HOMES)
def test_a_home_is_a_tilde_in_every_spelling(home: str, text: str, shown: str) -> None:
    assert Hidden(homes=(home,)).from_text(text) == shown


def test_no_part_of_a_report_tells_where_somebody_lives() -> None:
    text = write(report(issue("/home/me/presets/x.json")), Hidden(homes=("/home/me",)))
    assert "/home/me" not in text
    assert "~/presets/x.json" in text


def test_a_long_list_of_places_makes_a_short_subject() -> None:
    places = tuple(Clean(f"saved/{number}.json") for number in range(40))
    text = write(report(issue(places=places)), Hidden())
    subject = text.partition("\n")[0]
    assert len(subject) < 150
    assert "and 35 more" in subject
    assert all(place in text for place in places)
