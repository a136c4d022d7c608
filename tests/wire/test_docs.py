"""The documentation over a real socket: the site as it should be, slow, gone, moved, and answering with web pages."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from mimo_tui.core.docs.dump import split_dump
from mimo_tui.core.docs.index import read_index
from mimo_tui.core.evidence import Outcome
from mimo_tui.core.exchange import Failure
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.site.contents import Site, shipped
from mimo_tui.wire.docs import DocText, download, fetch_text, find_first
from mimo_tui.wire.http import Client, Known, Network
from mimo_tui.wire.limits import PAGE, WHOLE_DOCUMENTATION
from tests.wire.servers import Connection, Handler, serving
from tests.wire.world import World

INDEX = "https://mimo.mi.com/llms.txt"
OLD_INDEX = "https://platform.xiaomimimo.com/llms.txt"
PAGE_URL = "https://mimo.mi.com/static/docs/quick-start/summary/model.md"
QUICK = replace(PAGE, first_byte=0.3, silence=0.3, whole=1.0, tries=1)


def is_index(text: str, url: str) -> bool:
    return read_index(text) is not None


@pytest.fixture
async def simulated(platform: Platform, network: Network) -> AsyncIterator[Client]:
    """A client whose hosts are those of the simulated platform."""
    made = Client(platform.catalogue, network)
    yield made
    await made.aclose()


async def test_the_index_is_found_at_the_first_address(simulated: Client) -> None:
    answers = await find_first(simulated, [INDEX, OLD_INDEX], is_index)
    assert [(answer.outcome, answer.url) for answer in answers] == [(Outcome.FOUND, INDEX)]


async def test_a_page_that_did_not_change_is_not_sent_again(simulated: Client) -> None:
    first = await fetch_text(simulated, PAGE_URL)
    again = await fetch_text(simulated, PAGE_URL, known=first.known)
    assert first.text is not None
    assert first.known.etag
    assert first.known.modified
    assert (again.unchanged, again.text, again.outcome) == (True, None, Outcome.FOUND)
    by_date = await fetch_text(simulated, PAGE_URL, known=Known(modified=first.known.modified))
    assert by_date.unchanged


async def test_the_old_home_leads_to_the_new_one(simulated: Client) -> None:
    answer = await fetch_text(simulated, OLD_INDEX)
    assert (answer.outcome, answer.url) == (Outcome.MOVED, INDEX)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (lambda site: site.put("/llms.txt", None), Outcome.GONE),
        (lambda site: site.put("/llms.txt", "<!doctype html><div id=root></div>"), Outcome.WEB_PAGE),
        (lambda site: site.put("/llms.txt", "Back soon."), Outcome.UNREADABLE),
    ],
    ids=["gone", "a web page", "another text"],
)
async def test_an_index_that_is_not_there_is_told_apart(
    platform: Platform, simulated: Client, change: Callable[[Site], Site], outcome: Outcome
) -> None:
    platform.site = change(shipped())
    answers = await find_first(simulated, [INDEX, OLD_INDEX], is_index)
    assert [answer.outcome for answer in answers] == [outcome, outcome]
    assert all(answer.reason and answer.text is None for answer in answers)


async def test_the_whole_documentation_comes_piece_by_piece(simulated: Client) -> None:
    url = "https://mimo.mi.com/llms-full.txt"
    async with download(simulated, url, limits=WHOLE_DOCUMENTATION) as coming:
        arrived = [size async for size in coming]
    answer = coming.text()
    assert answer.text is not None
    assert arrived == sorted(arrived)
    assert arrived[-1] == len(answer.text.encode())
    assert len(split_dump(answer.text)) == len([page for page in shipped().pages if page[0] == "en-US"])


async def asked_of(world: World, client: Client, handler: Handler) -> DocText:
    world.answers["mimo.mi.com"] = handler
    return await fetch_text(client, INDEX, limits=QUICK)


async def test_a_site_that_is_slow_broken_or_asks_to_log_in_says_nothing_about_the_page(
    world: World, client: Client
) -> None:
    async def silent(connection: Connection) -> None:
        await connection.hang()

    async def down(connection: Connection) -> None:
        await connection.answer(503, b"# Not now", content_type="text/plain")

    async def forbidden(connection: Connection) -> None:
        await connection.answer(403, b"# No", content_type="text/plain")

    async def portal(connection: Connection) -> None:
        await connection.answer(302, b"", location="http://login.example/")

    async def half(connection: Connection) -> None:
        await connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n# Half")
        connection.reset()

    for handler in (silent, down, forbidden, portal, half):
        answer = await asked_of(world, client, handler)
        assert answer.outcome is Outcome.UNREACHABLE, handler.__name__
        assert answer.text is None
        assert answer.reason


async def test_marks_that_no_header_may_hold_are_not_sent_back(world: World, client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.send(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/markdown\r\netag: \xff\xfe\r\n"
            b"last-modified: " + b"9" * 600 + b"\r\ncontent-length: 4\r\n\r\n# A\n"
        )

    assert (await asked_of(world, client, answer)).known == Known()


async def test_offline_nothing_is_asked() -> None:
    client = Client(Platform().catalogue, Network(offline=True))
    answers = await find_first(client, [INDEX, OLD_INDEX], is_index)
    assert [answer.exchange.failure for answer in answers] == [Failure.OFFLINE] * 2


async def test_no_key_is_sent_to_a_page(world: World, client: Client) -> None:
    heads = []

    async def answer(connection: Connection) -> None:
        heads.append(connection.request.headers)
        await connection.answer(200, b"# A", content_type="text/markdown")

    await asked_of(world, client, answer)
    assert heads
    assert not [head for head in heads if "authorization" in head or "api-key" in head]


async def test_a_local_mirror_may_be_asked_over_https_only() -> None:
    async def answer(connection: Connection) -> None:
        await connection.answer(200, b"# A", content_type="text/markdown")

    client = Client(Platform().catalogue, Network())
    async with serving(answer) as server:
        found = await fetch_text(client, f"{server.url}/llms.txt", limits=QUICK)
    assert found.exchange.failure is Failure.NOT_ALLOWED
    assert found.outcome is Outcome.UNREACHABLE
    await client.aclose()
