"""The server of the simulated platform: there when it says so, gone when it is done, and silent."""

import asyncio
import logging
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from mimo_tui.simulator import accounts
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.server import CannotServe, serve
from mimo_tui.simulator.standby import Standby

HOST = "api.xiaomimimo.com"
GOOD = {"host": HOST, "authorization": f"Bearer {accounts.PAY_AS_YOU_GO}"}


def port_of(origin: str) -> int:
    return int(origin.rpartition(":")[2])


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def platform_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "simulated platform"]


def test_it_answers_as_soon_as_it_is_there_and_is_gone_afterwards() -> None:
    before = len(platform_threads())
    with serve() as served:
        assert served.origin.startswith("http://127.0.0.1:")
        assert httpx2.get(f"{served.origin}/v1/models", headers=GOOD).status_code == 200
        assert served.platform.log[0].host == HOST
    assert not is_open(port_of(served.origin))
    assert len(platform_threads()) == before


def test_only_this_machine_reaches_it() -> None:
    with serve() as served, socket.socket() as other:
        other.settimeout(1)
        assert is_open(port_of(served.origin))
        assert other.connect_ex(("127.0.0.2", port_of(served.origin))) != 0


@pytest.mark.parametrize("script", ["hang", "delay=3600", "drip=3600"])
def test_it_ends_within_a_second_also_while_somebody_waits(script: str) -> None:
    platform = Platform()
    with ThreadPoolExecutor(1) as pool:
        with serve(platform) as served:
            url = f"{served.origin}/v1/models"
            waiting = pool.submit(httpx2.get, url, headers={**GOOD, "x-simulate": script}, timeout=30)
            while not platform.log:
                time.sleep(0.001)
            started = time.monotonic()
        assert time.monotonic() - started < 1
        with pytest.raises(httpx2.HTTPError):
            waiting.result()


def test_it_ends_while_connections_are_kept_open() -> None:
    with serve() as served, httpx2.Client(base_url=served.origin) as client:
        assert client.get("/v1/models", headers=GOOD).status_code == 200
    with pytest.raises(httpx2.HTTPError):
        client_after(served.origin)


def client_after(origin: str) -> httpx2.Response:
    return httpx2.get(f"{origin}/v1/models", headers=GOOD)


def test_a_port_can_be_chosen_and_one_that_is_taken_is_a_sentence() -> None:
    with serve() as served:
        taken = port_of(served.origin)
        with (
            pytest.raises(CannotServe, match=f"Port {taken} of this machine cannot be opened"),
            serve(port=taken),
        ):
            pass
    with serve(port=taken) as again:
        assert port_of(again.origin) == taken
    with pytest.raises(CannotServe, match="no port 70000"), serve(port=70_000):
        pass


def test_two_platforms_know_nothing_of_each_other() -> None:
    first, second = Platform(), Platform()
    second.revoke(accounts.PAY_AS_YOU_GO)
    with serve(first) as one, serve(second) as two:
        assert httpx2.get(f"{one.origin}/v1/models", headers=GOOD).status_code == 200
        assert httpx2.get(f"{two.origin}/v1/models", headers=GOOD).status_code == 401


async def test_it_serves_a_program_whose_own_loop_runs() -> None:
    with serve() as served:
        async with httpx2.AsyncClient(base_url=served.origin) as client:
            answers = await asyncio.gather(*(client.get("/v1/models", headers=GOOD) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}


def test_it_says_nothing(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG, "uvicorn")
    with serve() as served:
        for script in ("ok", "reset", "cut=3", "hang"):
            with httpx2.Client(base_url=served.origin, timeout=0.2) as client:
                try:
                    client.get("/v1/models", headers={**GOOD, "x-simulate": script})
                except httpx2.HTTPError:
                    continue
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []
    assert capfd.readouterr() == ("", "")


def test_an_answer_does_not_wait_for_the_receipt_of_its_head() -> None:
    with serve() as served, httpx2.Client(base_url=served.origin) as client:
        times = []
        for _ in range(20):
            started = time.perf_counter()
            client.get("/v1/models", headers=GOOD)
            times.append(time.perf_counter() - started)
    assert sorted(times)[10] < 0.03


def test_on_standby_it_opens_nothing_until_it_is_needed() -> None:
    before = len(platform_threads())
    standby = Standby()
    assert len(platform_threads()) == before
    with ThreadPoolExecutor(8) as pool:
        origins = set(pool.map(lambda _: standby.origin(), range(8)))
    (origin,) = origins
    assert len(platform_threads()) == before + 1
    assert httpx2.get(f"{origin}/v1/models", headers=GOOD).status_code == 200
    standby.close()
    assert len(platform_threads()) == before
    assert not is_open(port_of(origin))
    standby.close()
