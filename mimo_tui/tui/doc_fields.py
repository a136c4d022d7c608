"""The page behind a field of a preset, at the place that tells of it; or what is known without the page."""

from dataclasses import dataclass

from mimo_tui.core.docs.address import ENGLISH, read_address
from mimo_tui.core.docs.page import Markdown
from mimo_tui.core.facts import Source
from mimo_tui.core.fields import Field
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.docs.known import hosts_lines, model_lines
from mimo_tui.services.docs.written import escaped, page
from mimo_tui.services.models import list_models
from mimo_tui.store.docs_cache import CacheProblem
from mimo_tui.tui.doc_pages import OpenPage, doc_hosts, read_spot
from mimo_tui.tui.doc_spots import FIELD, Spot
from mimo_tui.tui.widgets.doc_head import Head


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field that a person wants to read about, what it holds, and the model of its preset."""

    field: Field
    value: str
    model: str

    @property
    def words(self) -> str:
        """What to look for on its page."""
        if self.field.area == "models":
            return self.model
        return self.value if self.field.choices or self.field.suggest in ("models", "endpoints") else ""


def field_page(services: Services, asked: AskedField) -> OpenPage:
    """Read the page behind a field; where it is not here, write one of what is known. Blocks."""
    areas = services.catalogue.areas
    problem, found = NOTHING, list[OpenPage]()
    for area in filter(None, map(areas.get, (asked.field.area, asked.field.or_area))):
        try:
            found.append(_page_of(services, area))
        except (LookupError, CacheProblem) as error:
            problem = problem or clean(str(error.args[0] if error.args else error))
    if found:
        return _at(next((one for one in found if _holds(one, asked.words)), found[0]), asked)
    markdown = _known(services, asked, areas.get(asked.field.area), problem)
    return OpenPage(Spot(FIELD), markdown, Head(markdown.title, simulated=services.simulated))


def _page_of(services: Services, area: Source) -> OpenPage:
    """Read the page that is the source of an area, in the person's language or else in English."""
    address = read_address(area.url, doc_hosts(services))
    if address is None:
        raise LookupError(f"{area.title} is no page of the docs")
    locale = services.knowledge.settings.language or ENGLISH
    try:
        return read_spot(services, Spot(address.path, locale))
    except LookupError:
        if locale == ENGLISH:
            raise
        return read_spot(services, Spot(address.path, ENGLISH))


def _holds(opened: OpenPage, words: str) -> bool:
    return bool(words) and words.casefold() in opened.markdown.text.casefold()


def _at(opened: OpenPage, asked: AskedField) -> OpenPage:
    """Give the page at its place that tells of the field: its value, else a heading or a word of its topic."""
    topic = asked.field.topic.casefold()
    words = next((one for one in (asked.words, asked.field.topic) if _holds(opened, one)), "")
    heading = next((one for one in opened.markdown.headings if topic and topic in one.title.casefold()), None)
    anchor = heading.anchor if heading is not None and words != asked.words else ""
    spot = Spot(opened.spot.path, opened.spot.locale, anchor, words)
    return OpenPage(spot, opened.markdown, opened.head, opened.url, opened.digest, opened.versions)


def _known(services: Services, asked: AskedField, area: Source | None, problem: Clean) -> Markdown:
    lines = [f"# {escaped(asked.field.title)}", "", escaped(asked.field.help), ""]
    if area is None:
        lines.append(
            f"No page of MiMo's documentation is behind this field. The rule comes from {escaped(asked.field.rule)}."
        )
        return page(lines)
    lines += [f"The page behind it is *{escaped(area.title)}*, {escaped(area.url)}", "", escaped(problem), ""]
    lines += ["## What is known without it", "", f"Known {escaped(services.catalogue.provenance())}.", ""]
    if asked.field.area == "start":
        return page([*lines, *hosts_lines(services.catalogue)])
    view = next((one for one in list_models(services) if one.model.id == (asked.words or asked.model)), None)
    if view is not None:
        lines += [f"## {escaped(view.model.id)}", *model_lines(view)]
    return page(lines)
