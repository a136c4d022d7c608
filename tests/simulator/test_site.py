"""The simulated docs site answers as `mimo-api.md` §4 says."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

import httpx2
import pytest
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from mimo_tui.core.catalogue import Catalogue, load
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.server import serve
from mimo_tui.simulator.site.contents import Site, shipped
from mimo_tui.simulator.site.page import ENGLISH, Page
from mimo_tui.simulator.site.pages import answer
from mimo_tui.simulator.site.planted import CONTRADICTIONS
from mimo_tui.simulator.site.rewrites import HARMLESS

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DOCS = "https://mimo.mi.com"
CONSOLE = "https://platform.xiaomimimo.com"
MODEL_PAGE = "quick-start/summary/model"
PRICE_PAGE = "price/pay-as-you-go"


def browser(site: Site | None = None, at: datetime = NOW) -> httpx2.AsyncClient:
    """A client for which every host is one of the site's."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await answer(request, request.url.hostname or "", at, site)
        await response(scope, receive, send)

    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=application))


@pytest.fixture(scope="module")
def site() -> Site:
    """The site as it is shipped."""
    return shipped()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue as it is shipped."""
    return load()


def every(site: Site, locale: str) -> list[Page]:
    """All pages of a language."""
    return [page for page in site.pages.values() if page.locale == locale]


def current(catalogue: Catalogue) -> set[str]:
    """The ids that can be called at NOW and are not in doubt."""
    return {
        model.id
        for model in catalogue.models
        if not model.offered.disputed and (model.retired is None or model.retired.value > NOW)
    }


# The index and the whole text.


async def test_every_link_of_the_index_gives_a_page_as_markdown(site: Site) -> None:
    async with browser() as ask:
        index = await ask.get(f"{DOCS}/llms.txt")
        links = re.findall(r"^- \[([^\]]+)\]\((\S+)\)$", index.text, re.MULTILINE)
        assert len(links) == len(every(site, ENGLISH)) >= 40
        for title, link in links:
            page = await ask.get(link)
            assert page.status_code == 200, link
            assert page.headers["content-type"] == "text/markdown; charset=utf-8"
            assert page.text.startswith(f"# {title}\n")


async def test_the_index_has_one_title_a_blurb_and_two_levels_of_headings() -> None:
    async with browser() as ask:
        lines = (await ask.get(f"{DOCS}/llms.txt")).text.splitlines()
    assert lines[0] == "# Xiaomi MiMo API Open Platform"
    assert lines[2].startswith("> ")
    assert {line.split()[0] for line in lines if line.startswith("#")} == {"#", "##", "###"}


async def test_the_full_text_splits_into_exactly_the_pages(site: Site) -> None:
    async with browser() as ask:
        full = (await ask.get(f"{DOCS}/llms-full.txt")).text
    head, *parts = re.split(r"^---\nDOCUMENT: (.+)\n---\n\nURL: (\S+)\n\n", full, flags=re.MULTILINE)
    assert head.startswith("# Xiaomi MiMo API Open Platform\n\n> ")
    found = {
        urlsplit(url).path: (title, text.strip()) for title, url, text in zip(*[iter(parts)] * 3, strict=True)
    }
    assert found == {page.raw_address: (page.title, page.text.strip()) for page in every(site, ENGLISH)}
    assert 250_000 < len(full) < 1_200_000


async def test_the_site_map_lists_models_and_pages_of_the_api_only(catalogue: Catalogue) -> None:
    async with browser() as ask:
        answered = await ask.get(f"{DOCS}/sitemap.xml")
        addresses = re.findall(r"<loc>(.+?)</loc>", answered.text)
        assert {(await ask.get(address)).status_code for address in addresses} == {200}
    kinds = {"/".join(urlsplit(address).path.split("/")[1:4:2]) for address in addresses}
    assert kinds == {"docs/api", *(f"models/{model}" for model in current(catalogue))}


# Pages.


@pytest.mark.parametrize(
    "address",
    [
        "/static/docs/tokenplan/Token%20Plan/quick-access.md",
        "/static/docs/quick-start/faq/token-plan/Usage%26Quota.md",
        "/static/docs/quick-start/faq/token-plan/Validity&Expiry.md",
        "/static/docs/api/audio/Speech-Recognition.md",
        "/static/docs/updates/feature.md",
        "/static/docs/updates/feature/studio.md",
        "/static/docs/zh-CN/quick-start/summary/model.md",
    ],
)
async def test_odd_paths_are_found(address: str) -> None:
    async with browser() as ask:
        assert (await ask.get(DOCS + address)).status_code == 200


async def test_links_between_pages_lead_to_pages(site: Site) -> None:
    known = {quote(page.path, safe="/-._~") for page in site.pages.values()}
    linked = {
        (page.path, path)
        for page in site.pages.values()
        for path in re.findall(r"https://mimo\.mi\.com/docs/[a-z]{2}-[A-Z]{2}/([^)\"\s\\]+)", page.text)
    }
    assert len(linked) > 60
    assert not [(source, path) for source, path in linked if path not in known]


# Serving.


async def test_a_page_that_is_known_is_not_sent_again() -> None:
    async with browser() as ask:
        address = f"{DOCS}/static/docs/{MODEL_PAGE}.md"
        first = await ask.get(address)
        tag, modified = first.headers["etag"], first.headers["last-modified"]
        assert modified == "Sun, 04 Oct 2026 00:00:00 GMT"
        for headers in (
            {"if-none-match": tag},
            {"if-none-match": f'"other", W/{tag}'},
            {"if-none-match": "*"},
            {"if-modified-since": modified},
        ):
            again = await ask.get(address, headers=headers)
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        for headers in (
            {"if-none-match": '"other"'},
            {"if-none-match": '"other"', "if-modified-since": modified},
            {"if-modified-since": "Sat, 03 Oct 2026 00:00:00 GMT"},
            {"if-modified-since": "soon"},
        ):
            again = await ask.get(address, headers=headers)
            assert (again.status_code, again.content) == (200, first.content)


async def test_a_changed_page_has_another_tag(site: Site) -> None:
    address = f"{DOCS}/static/docs/{MODEL_PAGE}.md"
    async with browser() as ask:
        tag = (await ask.get(address)).headers["etag"]
    async with browser(site.replace(MODEL_PAGE, "# Models\n")) as ask:
        again = await ask.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.text) == (200, "# Models\n")


async def test_nothing_is_newer_than_the_moment_it_is_sent() -> None:
    async with browser(at=datetime(2026, 9, 1, tzinfo=UTC)) as ask:
        page = await ask.get(f"{DOCS}/static/docs/{MODEL_PAGE}.md")
    assert page.headers["last-modified"] == "Tue, 01 Sep 2026 00:00:00 GMT"


async def test_the_html_holds_no_text() -> None:
    addresses = [
        f"{DOCS}/docs/en-US/{MODEL_PAGE}",
        f"{DOCS}/docs/zh-CN/{MODEL_PAGE}",
        f"{DOCS}/docs/{MODEL_PAGE}",
        f"{DOCS}/models/en-US/mimo-v2.6-pro",
        f"{CONSOLE}/",
        f"{CONSOLE}/console/plan-manage",
        "https://mimo.xiaomi.com/",
    ]
    async with browser() as ask:
        for address in addresses:
            shown = await ask.get(address)
            assert shown.status_code == 200, address
            assert shown.headers["content-type"] == "text/html; charset=utf-8"
            body = shown.text.partition("<body>")[2].partition("</body>")[0]
            assert body == '<div id="root"></div>'


@pytest.mark.parametrize(
    "address",
    [
        "/docs/usage-guide/passing-back-reasoning_content",
        "/docs/en-US/quick-start/first-api-call",
        "/docs/usage-guide/speech-synthesis-v2.5",
        "/static/docs/usage-guide/speech-synthesis-v2.5.md",
    ],
)
async def test_old_short_paths_still_show_their_page(address: str) -> None:
    async with browser() as ask:
        assert (await ask.get(DOCS + address)).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/docs/en-US/no/such/page",
        "/docs/fr-FR/quick-start/summary/model",
        "/static/docs/no-such-page.md",
        "/static/docs/zh-CN/updates/feature.md",
        "/models/en-US/mimo-v2-flash",
        "/models/en-US/mimo-v2.5-pro",
        "/static/docs/../contents.toml",
        "/nothing",
    ],
)
async def test_what_is_not_there_is_404(address: str) -> None:
    async with browser() as ask:
        assert (await ask.get(DOCS + address)).status_code == 404


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/docs/en-US/quick-start/model", "/docs/en-US/quick-start/summary/model"),
        ("/docs/zh-CN/quick-start/error-codes", "/docs/zh-CN/api/guidance/error-codes"),
        ("/docs/pricing", "/docs/price/pay-as-you-go"),
        (
            "/static/docs/price/tokenplan/quick-access.md",
            "/static/docs/tokenplan/Token%20Plan/quick-access.md",
        ),
        ("/static/docs/api/chat/openai-api.md", "/static/docs/api/chat/openai-api.md"),
        ("/llms.txt", "/llms.txt"),
        ("/llms-full.txt", "/llms-full.txt"),
    ],
)
async def test_the_old_home_leads_to_the_new_one(old: str, new: str) -> None:
    async with browser() as ask:
        led = await ask.get(CONSOLE + old)
        assert (led.status_code, led.headers["location"]) == (302, DOCS + new)
        assert (await ask.get(DOCS + new)).status_code == 200


async def test_some_raw_texts_of_the_old_home_are_gone() -> None:
    async with browser() as ask:
        for path in ("pricing", "quick-start/model", "usage-guide/speech-synthesis"):
            assert (await ask.get(f"{CONSOLE}/static/docs/{path}.md")).status_code == 404


async def test_a_key_makes_no_difference_and_nothing_can_be_written() -> None:
    address = f"{DOCS}/llms.txt"
    async with browser() as ask:
        plain, keyed = await ask.get(address), await ask.get(address, headers={"authorization": "Bearer x"})
        assert (plain.status_code, plain.content) == (keyed.status_code, keyed.content)
        refused = await ask.post(address, content=b"{}")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


# Other contents than the shipped ones.


async def test_a_removed_page_leaves_index_and_full_text_too(site: Site) -> None:
    async with browser(site.remove(MODEL_PAGE)) as ask:
        for address in ("/llms.txt", "/llms-full.txt"):
            assert f"/static/docs/{MODEL_PAGE}.md" not in (await ask.get(DOCS + address)).text
        for address in (f"/static/docs/{MODEL_PAGE}.md", f"/docs/en-US/{MODEL_PAGE}"):
            assert (await ask.get(DOCS + address)).status_code == 404


async def test_a_moved_page_leaves_a_redirect(site: Site) -> None:
    async with browser(site.move(MODEL_PAGE, "models/all of them")) as ask:
        assert f"{DOCS}/static/docs/models/all%20of%20them.md" in (await ask.get(f"{DOCS}/llms.txt")).text
        for old, new in (
            (f"/static/docs/{MODEL_PAGE}.md", "/static/docs/models/all%20of%20them.md"),
            (f"/docs/zh-CN/{MODEL_PAGE}", "/docs/zh-CN/models/all%20of%20them"),
        ):
            led = await ask.get(DOCS + old)
            assert (led.status_code, led.headers["location"]) == (302, new)
            assert (await ask.get(DOCS + new)).status_code == 200


async def test_an_address_can_answer_anything(site: Site) -> None:
    async with browser(site.put("/llms.txt", "moved away").put("/llms-full.txt", None)) as ask:
        assert (await ask.get(f"{DOCS}/llms.txt")).text == "moved away"
        assert (await ask.get(f"{DOCS}/llms-full.txt")).status_code == 404


def test_changing_a_site_leaves_the_first_one_as_it_was(site: Site) -> None:
    before = dict(site.files)
    site.replace(MODEL_PAGE, "# Other\n").remove(PRICE_PAGE).move("updates/model", "x").put("/llms.txt", "")
    assert dict(site.files) == before
    with pytest.raises(KeyError):
        site.replace("no/such/page", "")


# As a part of the platform.


def test_the_platform_serves_it_by_host_and_by_path() -> None:
    with serve(Platform()) as served:
        port = urlsplit(served.origin).port
        for path, host in (("/llms.txt", "mimo.mi.com"), ("/mimo.mi.com/llms.txt", f"127.0.0.1:{port}")):
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                for method, empty in (("GET", False), ("HEAD", True)):
                    connection.request(method, path, headers={"Host": host})
                    reply = connection.getresponse()
                    body = reply.read()
                    assert (reply.status, reply.getheader("x-simulated")) == (200, "mimo-tui")
                    assert reply.getheader("content-type") == "text/plain; charset=utf-8"
                    assert (body == b"") is empty
                    assert int(reply.getheader("content-length", "0")) > 5000
            finally:
                connection.close()


def test_the_site_needs_nothing_else_of_the_simulator() -> None:
    code = (
        "import sys, mimo_tui.simulator.site.pages;"
        "print([n for n in sys.modules if n.startswith('mimo_tui.simulator.') and '.site' not in n])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


async def test_a_file_that_moved_is_found_where_its_old_address_leads() -> None:
    async with browser(shipped().redirect("/llms.txt", "/docs/index.txt")) as client:
        moved = await client.get(f"{DOCS}/llms.txt")
        assert (moved.status_code, moved.headers["location"]) == (302, "/docs/index.txt")
        found = await client.get(f"{DOCS}/docs/index.txt")
        assert found.text.startswith("# Xiaomi MiMo")


def test_every_planted_contradiction_and_every_rewrite_changes_the_site() -> None:
    for change in (*(one.change for one in CONTRADICTIONS.values()), *HARMLESS.values()):
        assert change(shipped()) != shipped()
