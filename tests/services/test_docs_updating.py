"""Fetching the documentation from the simulated site: all of it, only what changed, and what becomes of trouble."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from mimo_tui.core.docs.index import read_index
from mimo_tui.core.evidence import Outcome
from mimo_tui.services import Services
from mimo_tui.services.docs.indexing import MOST_PAGES, listed_pages, translated
from mimo_tui.services.docs.pages import AT_ONCE, GIVE_UP_AFTER
from mimo_tui.services.docs.updating import (
    Event,
    IndexFound,
    Progress,
    Updated,
    update,
    update_page,
)
from mimo_tui.services.refusals import CannotFetch
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.server import Served
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.wire.http import Client, Network
from tests.conftest import NOW, at_once

MODELS = "quick-start/summary/model"
PAGES = len([page for page in shipped().pages if page[0] == "en-US"])
CHINESE = len(shipped().pages) - PAGES


async def events(services: Services, locale: str = "en-US") -> list[Event]:
    return [event async for event in update(services, locale=locale)]


async def updated(services: Services, locale: str = "en-US") -> Updated:
    last = (await events(services, locale))[-1]
    assert isinstance(last, Updated)
    return last


def asked(platform: Platform) -> list[str]:
    """Give the paths that were asked for since the last time."""
    paths = [seen.path for seen in platform.log]
    platform.clear_log()
    return paths


async def test_everything_comes_with_two_requests(online: Services, served: Served) -> None:
    found, *_, last = await events(online)
    assert isinstance(found, IndexFound)
    assert isinstance(last, Updated)
    assert asked(served.platform) == ["/llms.txt", "/llms-full.txt"]
    assert (last.pages, len(last.new), last.changed, last.failed) == (PAGES, PAGES, (), ())
    assert last.requests == 2
    assert last.simulated
    state = online.docs.state()
    assert (state.pages, state.with_text, state.simulated) == (PAGES, PAGES, True)
    assert state.found_at == "https://mimo.mi.com/llms.txt"
    kept = online.docs.page(MODELS)
    assert kept is not None
    assert kept.text.strip() == shipped().page(MODELS).text.strip()


async def test_progress_is_told_while_it_comes(online: Services) -> None:
    progress = [event for event in await events(online) if isinstance(event, Progress)]
    assert progress[0].total == 0
    assert progress[0].bytes > 0
    assert (progress[-1].done, progress[-1].total) == (PAGES, PAGES)
    assert [event.done for event in progress] == sorted(event.done for event in progress)


async def test_where_nothing_changed_nothing_is_sent_again(online: Services) -> None:
    await updated(online)
    later = replace(online, now=lambda: NOW.replace(hour=18))
    again = await updated(later)
    assert (again.new, again.changed, again.gone, again.failed) == ((), (), (), ())
    assert (again.requests, again.bytes) == (2, 0)
    kept = online.docs.page(MODELS)
    assert kept is not None
    assert kept.listed.checked == NOW.replace(hour=18)
    assert kept.listed.fetched == NOW


async def test_a_page_that_changed_is_told_and_its_old_text_kept(online: Services, served: Served) -> None:
    await updated(online)
    text = shipped().page(MODELS).text + "\nAnother line.\n"
    served.platform.site = shipped().replace(MODELS, text)
    again = await updated(replace(online, now=lambda: NOW.replace(hour=18)))
    assert (again.new, again.changed) == ((), (MODELS,))
    assert len(online.docs.versions(MODELS)) == 2


async def test_a_page_that_left_the_index_is_gone_and_can_still_be_read(
    online: Services, served: Served
) -> None:
    await updated(online)
    served.platform.site = shipped().remove(MODELS)
    again = await updated(online)
    assert again.gone == (MODELS,)
    kept = online.docs.page(MODELS)
    assert kept is not None
    assert kept.listed.outcome is Outcome.GONE


async def test_without_a_dump_the_pages_come_one_by_one(online: Services, served: Served) -> None:
    served.platform.site = shipped().put("/llms-full.txt", None)
    last = await updated(online)
    assert len(last.new) == PAGES
    assert last.failed == ()
    assert len(asked(served.platform)) == 2 + PAGES
    again = await updated(online)
    assert again.new == again.changed == ()
    assert len(asked(served.platform)) == 2 + PAGES
    assert again.bytes < 1000


async def test_a_page_that_the_dump_lacks_is_fetched_by_itself(online: Services, served: Served) -> None:
    site = shipped()
    full = site.files["/llms-full.txt"].body.decode()
    start = full.index("---\nDOCUMENT: Models\n")
    end = full.index("---\nDOCUMENT:", start + 10)
    served.platform.site = site.put("/llms-full.txt", full[:start] + full[end:])
    last = await updated(online)
    assert len(last.new) == PAGES
    assert asked(served.platform)[2:] == ["/static/docs/quick-start/summary/model.md"]


async def test_a_page_that_the_dump_lacks_is_asked_for_each_time(online: Services, served: Served) -> None:
    site = shipped()
    full = site.files["/llms-full.txt"].body.decode()
    start = full.index("---\nDOCUMENT: Models\n")
    end = full.index("---\nDOCUMENT:", start + 10)
    without = site.put("/llms-full.txt", full[:start] + full[end:])
    served.platform.site = without
    await updated(online)
    served.platform.site = without.replace(MODELS, "# Models\n\nNone.\n").put(
        "/llms-full.txt", full[:start] + full[end:]
    )
    assert (await updated(online)).changed == (MODELS,)


async def test_a_page_of_the_dump_that_cannot_be_relied_on_is_fetched_by_itself(
    online: Services, served: Served
) -> None:
    site = shipped()
    full = site.files["/llms-full.txt"].body.decode()
    start = full.index("---\nDOCUMENT: Models\n")
    end = full.index("---\nDOCUMENT:", start + 10)
    models = full[start:end]
    address, _, body = models.partition(".md\n")
    for dump in (
        full + models.replace("<td>1M</td>", "<td>2M</td>"),  # twice, and not the same
        full[:start] + f"{address}.md\n\n" + full[end:],  # empty
        full[:start] + f"{address}.md\n\n<!doctype html><html><body>Hi</body></html>\n" + full[end:],
        full[:start] + models[:1500],  # cut off
        full[:start] + address.replace("/docs/", "/docs/zh-CN/") + ".md\n# 模型\n" + body[:9] + full[end:],
    ):
        served.platform.site = site.put("/llms-full.txt", dump)
        asked(served.platform)
        last = await updated(online)
        assert len(last.new) in (0, PAGES)
        assert last.changed == ()
        assert "/static/docs/quick-start/summary/model.md" in asked(served.platform)
        kept = online.docs.page(MODELS)
        assert kept is not None
        assert kept.text.strip() == site.page(MODELS).text.strip()


async def test_chinese_pages_in_the_index_are_translations(online: Services, served: Served) -> None:
    index = shipped().files["/llms.txt"].body.decode()
    head, _, links = index.partition("\n## ")
    chinese = links.replace("/static/docs/", "/static/docs/zh-CN/").replace("](", " 中文](")
    served.platform.site = shipped().put("/llms.txt", f"{head}\n## 中文\n{chinese}\n## {links}")
    last = await updated(online)
    assert (last.pages, last.failed) == (PAGES, ())
    listed = next(page for page in online.docs.pages() if page.path == MODELS)
    assert listed.raw_url == "https://mimo.mi.com/static/docs/quick-start/summary/model.md"
    assert listed.title == "Models"


async def test_an_index_that_claims_to_be_unchanged_and_was_never_here_is_none(
    online: Services, served: Served
) -> None:
    served.platform.put_fault("status=304", path="/llms.txt", always=True)
    last = await updated(online)
    assert not last.found
    assert [seen.outcome for seen in last.seen] == [Outcome.UNREACHABLE] * 2


async def test_an_index_without_end_is_cut(online: Services, served: Served) -> None:
    links = "".join(f"- [{at}](https://mimo.mi.com/static/docs/x/{at}.md)\n" for at in range(MOST_PAGES + 1))
    index = read_index(f"# Many\n\n{links}")
    assert index is not None
    assert len(listed_pages(online, index, "https://mimo.mi.com/llms.txt")) == MOST_PAGES


async def test_a_site_without_an_index_leaves_what_is_here(online: Services, served: Served) -> None:
    await updated(online)
    served.platform.site = shipped().put("/llms.txt", "<!doctype html><html><body>Hello</body></html>")
    again = await updated(online)
    assert not again.found
    assert [seen.outcome for seen in again.seen] == [Outcome.WEB_PAGE, Outcome.WEB_PAGE]
    assert again.gone == ()
    assert online.docs.state().with_text == PAGES
    assert [seen.outcome for seen in online.docs.state().indexes] == [Outcome.WEB_PAGE] * 2


def test_an_index_may_lie_at_a_port_of_its_own(services: Services) -> None:
    index = read_index("# Mirror\n\n- [Models](static/docs/quick-start/summary/model.md)\n")
    assert index is not None
    (page,) = listed_pages(services, index, "https://docs.example:8443/llms.txt")
    assert (page.path, page.url) == (MODELS, f"https://docs.example:8443/docs/en-US/{MODELS}")
    assert page.raw_url == f"https://docs.example:8443/static/docs/{MODELS}.md"
    (chinese,) = translated((page,), "zh-CN")
    assert chinese.raw_url == f"https://docs.example:8443/static/docs/zh-CN/{MODELS}.md"


async def test_an_index_of_other_peoples_pages_is_none(online: Services, served: Served) -> None:
    await updated(online)
    served.platform.site = shipped().put("/llms.txt", "# Mine\n\n- [Buy](https://shop.example/a.md)\n")
    again = await updated(online)
    assert [seen.outcome for seen in again.seen] == [Outcome.UNREADABLE] * 2
    assert again.gone == ()
    assert online.docs.state().with_text == PAGES


async def test_chinese_pages_are_fetched_where_there_are_any(online: Services, served: Served) -> None:
    await updated(online)
    asked(served.platform)
    last = await updated(online, "zh-CN")
    assert (len(last.new), last.failed, last.gone) == (CHINESE, (), ())
    chinese = online.docs.page(MODELS, "zh-CN")
    assert chinese is not None
    assert chinese.text.startswith("# 模型")
    assert len([page for page in online.docs.pages("zh-CN") if page.fetched]) == CHINESE
    again = await updated(online, "zh-CN")
    assert (again.new, again.changed, again.bytes) == ((), (), 0)
    assert (await updated(online)).gone == ()


async def test_one_page_is_fetched_again(online: Services, served: Served) -> None:
    await updated(online)
    asked(served.platform)
    served.platform.site = shipped().replace(MODELS, "# Models\n\nNone.\n")
    last = await update_page(online, MODELS)
    assert last.changed == (MODELS,)
    assert asked(served.platform) == ["/static/docs/quick-start/summary/model.md"]
    with pytest.raises(LookupError, match="no page"):
        await update_page(online, "no/such/page")


async def test_a_page_that_does_not_come_is_told_and_its_text_stays(online: Services, served: Served) -> None:
    await updated(online)
    served.platform.put_fault("status=503", path="/static/docs/quick-start/summary/model.md", always=True)
    last = await update_page(online, MODELS)
    assert [(failed.path, failed.outcome) for failed in last.failed] == [(MODELS, Outcome.UNREACHABLE)]
    kept = online.docs.page(MODELS)
    assert kept is not None
    assert "1M" in kept.text


async def test_a_site_that_falls_silent_is_not_asked_on_and_on(online: Services, served: Served) -> None:
    served.platform.site = shipped().put("/llms-full.txt", None)
    served.platform.put_fault("status=503", path="/static/docs/", always=True)
    for page in shipped().pages:
        served.platform.put_fault("status=503", path=f"/static/docs/{page[1]}.md", always=True)
    last = await updated(online)
    assert last.found
    assert len(last.failed) == PAGES
    assert "not asked for" in last.failed[-1].reason
    assert len({seen.path for seen in served.platform.log}) < PAGES - GIVE_UP_AFTER


async def test_at_most_a_few_pages_are_asked_for_at_the_same_time(online: Services, served: Served) -> None:
    served.platform.site = shipped().put("/llms-full.txt", None)
    for page in shipped().sections[1].paths:
        served.platform.put_fault("hang", path=f"/static/docs/{page}.md", always=True)
    assert len(shipped().sections[1].paths) >= AT_ONCE
    stuck = asyncio.create_task(updated(online))
    # It is served by a thread of its own, which tells nobody.
    while len(served.platform.log) < 2 + 3 + AT_ONCE:  # noqa: ASYNC110
        await asyncio.sleep(0)
    stuck.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stuck
    assert len(served.platform.log) == 2 + 3 + AT_ONCE


async def test_offline_nothing_is_fetched(services: Services) -> None:
    client = Client(services.catalogue, Network(offline=True))
    with pytest.raises(CannotFetch, match="offline"):
        await updated(replace(services, connect=lambda: client))


@pytest.fixture
async def slowly(services: Services, platform: Platform, network: Network) -> AsyncIterator[Services]:
    """A site without a dump, one of whose pages never comes."""
    platform.site = shipped().put("/llms-full.txt", None)
    platform.put_fault("hang", path="/static/docs/quick-start/summary/model.md", always=True)
    client = Client(services.catalogue, network, pause=at_once)
    yield replace(services, connect=lambda: client)
    await client.aclose()


async def test_what_has_come_is_kept_where_it_is_cancelled(slowly: Services) -> None:
    came = asyncio.Event()

    async def fetch() -> None:
        async for event in update(slowly):
            if isinstance(event, Progress) and event.done >= 5:
                came.set()

    task = asyncio.create_task(fetch())
    await came.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert slowly.docs.state().with_text >= 5


async def test_what_was_learned_is_known_at_once(online: Services, served: Served) -> None:
    text = shipped().page(MODELS).text.replace("<td>1M</td>", "<td>2M</td>")
    served.platform.site = shipped().replace(MODELS, text)
    before = online.catalogue.model("mimo-v2.6-pro")
    await updated(online)
    after = online.catalogue.model("mimo-v2.6-pro")
    assert before is not None
    assert after is not None
    assert before.context is not None
    assert after.context is not None
    assert (before.context.value, after.context.value) == (1_048_576, 2_097_152)
    assert after.context.disputed
