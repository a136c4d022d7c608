"""Pages that the program writes itself: what is known of the models, with its sources, and nothing read as markup."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.docs.known import hosts_lines, model_lines, models_page
from mimo_tui.services.docs.written import escaped, page, plain
from mimo_tui.services.models import list_models


def test_every_model_stands_there_with_its_facts_and_where_each_is_from(services: Services) -> None:
    made = models_page(services)
    titles = [heading.title for heading in made.headings]
    assert titles == ["Models: what is known", *(view.model.id for view in list_models(services))]
    lines = made.text.split("\n")
    for heading in made.headings:
        assert plain(lines[heading.line].lstrip("# ")) == heading.title
    assert len({heading.anchor for heading in made.headings}) == len(made.headings)
    assert services.catalogue.provenance() in plain(made.text.replace("\n", " "))


def test_a_disputed_fact_shows_what_each_source_says(services: Services) -> None:
    view = next(view for view in list_models(services) if view.model.dispute)
    text = "\n".join(model_lines(view))
    disputed = [line for line in text.split("\n") if ", disputed" in line]
    assert disputed
    assert all(len(line.split(" | ")) == 3 for line in disputed)


def test_every_host_of_the_api_is_told_with_its_source(services: Services) -> None:
    text = plain("\n".join(hosts_lines(services.catalogue)))
    assert all(host in text for host in services.catalogue.api_hosts)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_text_from_outside_is_shown_as_it_is_in_a_page_of_ours(text: str) -> None:
    made = page(["# Title", "", f"x{escaped(text)}x"])
    tokens = MarkdownIt("commonmark").enable("table").parse(made.text)
    inline = [token for token in tokens if token.type == "inline"][-1]
    shown = "".join(child.content for child in inline.children or ())
    assert shown == f"x{clean(text)}x"
    assert plain(escaped(text)) == clean(text)


def test_a_hostile_model_id_stays_in_its_cell(services: Services) -> None:
    view = list_models(services)[0]
    evil = replace(view, model=replace(view.model, id="a|b\n## c [x](javascript:1)"))
    made = page([f"## {escaped(evil.model.id)}", *model_lines(evil)])
    assert [heading.title for heading in made.headings] == [clean(evil.model.id)]
