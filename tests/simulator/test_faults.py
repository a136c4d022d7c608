"""Faults on demand: what a script may say, what it does to an answer, and for how many of them."""

from collections.abc import Callable, Iterator

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.simulator import accounts
from mimo_tui.simulator.faults import ERRORS, Failing, Script, ScriptError, parse, words
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.server import serve
from tests.conftest import NOW

HOST = "api.xiaomimimo.com"
OTHER = "token-plan-sgp.xiaomimimo.com"
MODELS = "/v1/models"
CHAT = "/v1/chat/completions"

Ask = Callable[..., httpx2.Response]


@pytest.fixture
def slept() -> list[float]:
    """The pauses that the platform would have made, in seconds."""
    return []


@pytest.fixture
def platform(slept: list[float]) -> Platform:
    """A platform that notes its pauses in place of making them."""

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return Platform(at=NOW, sleep=sleep)


@pytest.fixture
def client(platform: Platform) -> Iterator[httpx2.Client]:
    with serve(platform) as served, httpx2.Client(base_url=served.origin, timeout=5) as made:
        yield made


@pytest.fixture
def ask(client: httpx2.Client) -> Ask:
    """Ask for the models, or chat, with a script of faults or without one."""

    def asked(
        script: str = "", key: str = accounts.PAY_AS_YOU_GO, *, host: str = HOST, json: object = None
    ) -> httpx2.Response:
        headers = {"host": host, "authorization": f"Bearer {key}"}
        if script:
            headers["x-simulate"] = script
        if json is None:
            return client.get(MODELS, headers=headers)
        return client.post(CHAT, headers=headers, json=json)

    return asked


def chat(text: str = "Hello", **more: object) -> dict[str, object]:
    return {"model": "mimo-v2.6-flash", "messages": [{"role": "user", "content": text}], **more}


def statuses(ask: Ask, count: int, script: str = "", key: str = accounts.PAY_AS_YOU_GO) -> list[int]:
    return [ask(script, key).status_code for _ in range(count)]


# Scripts.


@pytest.mark.parametrize("text", ["", " ", ";", "ok", " ok ;; "])
def test_a_script_may_say_nothing(text: str) -> None:
    assert parse(text) == Script()


def test_a_script_is_read_word_by_word() -> None:
    script = parse(" status = 429*2 ; delay=1.5;drip=0.05/16 ; after=1 ")
    assert (script.failing, script.times, script.after) == (Failing.ERROR, 2, 1)
    assert script.fault == ERRORS["rate"]
    assert (script.delay, script.drip, script.piece) == (1.5, 0.05, 16)


@pytest.mark.parametrize(
    "text",
    [
        "bogus",
        "status",
        "status=",
        "status=abc",
        "status=999",
        "status=42",
        "status=429*0",
        "status=429*x",
        "error=unheard-of",
        "delay=",
        "delay=-1",
        "delay=nan",
        "delay=inf",
        "delay=1e9",
        "drip=0.1/0",
        "cut=-1",
        "cut=x",
        "redirect=",
        "html=1",
        "reset; hang",
        "status=500; status=503",
        "html; echo-key",
        "burst=0",
        "after=x",
        "status=٥٠٠",
    ],
)
def test_a_script_of_nonsense_is_refused_with_the_word_that_is_off(text: str) -> None:
    with pytest.raises(ScriptError) as refused:
        parse(text)
    assert any(word.split("=")[0].split("*")[0].strip() in str(refused.value) for word in text.split(";"))


@given(st.text(st.sampled_from("abcdehlkoprstuy=*;/-0123456789. "), max_size=40) | st.text(max_size=20))
def test_any_text_is_a_script_or_a_sentence(text: str) -> None:
    try:
        script = parse(text)
    except ScriptError:
        return
    assert script.at(0).failing in Failing


@pytest.mark.parametrize(
    ("text", "failures"),
    [
        ("status=500", "111111"),
        ("status=500*1", "101010"),
        ("status=500*2", "110110"),
        ("after=1; status=500", "011111"),
        ("after=1; transient-401", "010101"),
        ("transient-401=2", "110110"),
        ("burst=3", "111011"),
        ("after=2; reset*1", "001001"),
    ],
)
def test_how_many_answers_fail_and_how_many_are_right(text: str, failures: str) -> None:
    script = parse(text)
    assert "".join(str(int(script.at(count).failing is not Failing.NOT)) for count in range(6)) == failures


def test_every_word_that_the_help_names_is_one() -> None:
    for line in words().splitlines():
        word = line.split("  ")[0]
        text = word.replace("NAME", "quota").replace("URL", "https://example.com").replace("SECONDS", "1")
        for part in ("[*TIMES]", "[=TIMES]", "[/BYTES]"):
            text = text.replace(part, "")
        parse(text.replace("=N", "=200"))


# What it does.


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_of_the_platform_can_be_had_by_its_name(ask: Ask, name: str) -> None:
    answer = ask(f"error={name}")
    assert answer.status_code == ERRORS[name].status
    assert answer.json() == ERRORS[name].body()


@pytest.mark.parametrize("status", [200, 302, 401, 403, 404, 408, 418, 421, 429, 500, 502, 503, 599])
def test_every_status_can_be_had(ask: Ask, status: int) -> None:
    answer = ask(f"status={status}")
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == str(status)


def test_a_web_page_and_json_of_another_shape_come_with_200(ask: Ask) -> None:
    page = ask("html")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.text.startswith("<!doctype html>")
    assert "data" not in ask("wrong-json").json()
    with pytest.raises(ValueError, match="Unterminated"):
        ask("broken-json").json()


def test_a_redirect_goes_where_the_script_says(ask: Ask) -> None:
    answer = ask("redirect=https://example.com/a*b")
    assert (answer.status_code, answer.headers["location"]) == (302, "https://example.com/a*b")


def test_an_error_can_repeat_the_key_that_was_sent(ask: Ask) -> None:
    assert accounts.PAY_AS_YOU_GO in ask("echo-key").text
    answer = ask("status=500; echo-key", accounts.REVOKED)
    assert answer.status_code == 500
    assert accounts.REVOKED in answer.text


def test_an_error_can_stand_behind_data(ask: Ask) -> None:
    answer = ask("status=429; data-error")
    assert answer.status_code == 429
    assert answer.text.startswith('data:{"error":{"code":"429"')


def test_a_stream_can_end_in_an_error(ask: Ask) -> None:
    answer = ask("cut=1; data-error", json=chat(stream=True))
    assert answer.status_code == 200
    first, error, end = answer.text.split("\n\n")
    assert first.startswith(("data: {", ":"))
    assert error.startswith('data:{"error":')
    assert end == ""


@pytest.mark.parametrize("path", ["/anthropic/v1/messages", "/v1/responses"])
def test_where_events_have_names_an_error_in_a_stream_has_one_too(client: httpx2.Client, path: str) -> None:
    said: dict[str, object] = {"messages": [{"role": "user", "content": "Hello"}], "input": "Hello"}
    answer = client.post(
        path,
        headers={
            "host": HOST,
            "authorization": f"Bearer {accounts.PAY_AS_YOU_GO}",
            "x-simulate": "cut=900; data-error",
        },
        json={"model": "mimo-v2.6-flash", "stream": True, **said},
    )
    *_, before, error, end = answer.text.split("\n\n")
    assert before.startswith("event: ")
    assert error.startswith('event: error\ndata:{"error":{"code":"400"')
    assert end == ""


@pytest.mark.parametrize("count", [0, 1, 40])
def test_a_connection_can_end_in_the_middle_of_an_answer(client: httpx2.Client, count: int) -> None:
    headers = {
        "host": HOST,
        "authorization": f"Bearer {accounts.PAY_AS_YOU_GO}",
        "x-simulate": f"cut={count}",
    }
    read = bytearray()

    def read_all() -> None:
        with client.stream("GET", MODELS, headers=headers) as answer:
            for piece in answer.iter_raw():
                read.extend(piece)

    with pytest.raises(httpx2.RemoteProtocolError):
        read_all()
    assert len(read) == count


def test_a_stream_can_end_in_the_middle_too(ask: Ask) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        ask("cut=50", json=chat(stream=True))


def test_a_connection_can_break_without_an_answer(ask: Ask, platform: Platform) -> None:
    with pytest.raises((httpx2.ReadError, httpx2.RemoteProtocolError)):
        ask("reset")
    assert platform.log[-1].status is None
    assert ask().status_code == 200


def test_an_answer_can_never_come(client: httpx2.Client, platform: Platform) -> None:
    headers = {"host": HOST, "x-simulate": "hang"}
    with pytest.raises(httpx2.ReadTimeout):
        client.get(MODELS, headers=headers, timeout=0.1)
    assert platform.log[-1].script == "hang"


def test_pauses_come_before_the_answer_and_between_its_bytes(ask: Ask, slept: list[float]) -> None:
    body = ask().content
    answer = ask("delay=1.5; drip=0.05")
    assert answer.content == body
    assert slept == [1.5] + [0.05] * len(body)
    slept.clear()
    assert ask("drip=0.05/16").content == body
    assert len(slept) == -(-len(body) // 16)


def test_pauses_stand_in_every_answer_and_failures_in_some(ask: Ask, slept: list[float]) -> None:
    assert statuses(ask, 3, "status=503*2; delay=2") == [503, 503, 200]
    assert slept == [2.0] * 3


# Where it comes from.


def test_a_script_of_nonsense_in_a_header_is_answered_with_what_is_off(ask: Ask, platform: Platform) -> None:
    answer = ask("bogus")
    assert answer.status_code == 400
    assert "bogus" in answer.json()["error"]["param"]
    assert platform.log == ()


def test_a_faulty_key_meets_its_fault_and_only_where_it_is_taken(ask: Ask) -> None:
    transient = next(key for key in accounts.FAULTY if "transient" in key)
    assert statuses(ask, 4, key=transient) == [200, 401, 200, 401]
    burst = next(key for key in accounts.FAULTY if "burst" in key)
    assert statuses(ask, 4, key=burst) == [429, 429, 200, 429]
    assert ask(key=burst, host=OTHER).status_code == 401


def test_every_faulty_key_has_a_script_that_can_be_read() -> None:
    for script in accounts.FAULTY.values():
        assert parse(script) != Script()


def test_a_fault_that_was_put_is_met_so_often_and_then_no_more(ask: Ask, platform: Platform) -> None:
    platform.put_fault("status=503")
    assert statuses(ask, 2) == [503, 200]
    platform.put_fault("status=429*2")
    assert statuses(ask, 3) == [429, 429, 200]
    platform.put_fault("html", times=2)
    assert [ask().headers["content-type"] for _ in range(3)].count("application/json") == 1
    platform.put_fault("status=500", always=True)
    assert statuses(ask, 3) == [500, 500, 500]
    platform.clear_faults()
    assert statuses(ask, 1) == [200]


def test_a_fault_can_be_put_for_one_host_and_path(ask: Ask, platform: Platform) -> None:
    platform.put_fault("status=503", host=OTHER)
    assert ask().status_code == 200
    assert ask(key=accounts.SINGAPORE, host=OTHER).status_code == 503
    platform.put_fault("status=503", path=CHAT)
    assert ask().status_code == 200
    assert ask(json=chat()).status_code == 503


def test_the_switches_work_for_anybody_on_this_machine(client: httpx2.Client, ask: Ask) -> None:
    fault = {"host": HOST, "path": MODELS, "script": "error=quota", "times": 1}
    assert client.post("/_simulator/faults", json=fault).json() == {"ok": True}
    assert statuses(ask, 2) == [429, 200]
    client.post("/_simulator/faults", json={"script": "status=500", "times": None})
    assert {"script": "status=500", "host": "", "path": "", "times": None} in client.get(
        "/_simulator/faults"
    ).json()["faults"]
    assert statuses(ask, 2) == [500, 500]
    client.delete("/_simulator/faults")
    assert statuses(ask, 1) == [200]
    seen = client.get("/_simulator/log").json()["requests"]
    assert [request["status"] for request in seen] == [429, 200, 500, 500, 200]
    assert seen[0]["script"] == "error=quota"
    client.delete("/_simulator/log")
    assert client.get("/_simulator/log").json() == {"requests": []}


def test_the_clock_can_be_set_and_moved(client: httpx2.Client, platform: Platform) -> None:
    told = client.post("/_simulator/time", json={"at": "2026-10-22T00:00:00+08:00"}).json()["at"]
    assert client.get("/_simulator/time").json()["at"].startswith(told[:16])
    assert told.startswith("2026-10-21T16:00:00")
    told = client.post("/_simulator/time", json={"advance": 3600}).json()["at"]
    assert told.startswith("2026-10-21T17:00:0")
    assert platform.now().hour == 17


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", b"{"),
        ("faults", b"[]"),
        ("faults", b"{}"),
        ("faults", b'{"script": "bogus"}'),
        ("faults", b'{"script": 5}'),
        ("faults", b'{"script": "html", "times": -1}'),
        ("faults", b'{"script": "html", "times": true}'),
        ("faults", b'{"script": "html", "host": null}'),
        ("time", b"{}"),
        ("time", b'{"at": "soon"}'),
        ("time", b'{"at": 5}'),
        ("time", b'{"advance": 1e300}'),
        ("time", b'{"advance": NaN}'),
        ("time", b'{"advance": 1e12}'),
        ("time", b'{"advance": 1e14}'),
        (
            "time",
            b'{"advance": ' + b"9" * 400 + b"}",
        ),
    ],
)
def test_a_switch_that_is_asked_for_nonsense_says_so(
    client: httpx2.Client, platform: Platform, path: str, body: bytes
) -> None:
    answer = client.post(f"/_simulator/{path}", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert platform.now().year == 2026


def test_an_unknown_switch_is_404_and_the_help_names_them_all(client: httpx2.Client) -> None:
    assert client.get("/_simulator/nothing").status_code == 404
    assert client.put("/_simulator/faults").status_code == 404
    text = client.get("/_simulator").text
    assert "SIMULATED" in text
    assert all(name in text for name in ("log", "faults", "time", "x-simulate", "transient-401", "quota"))
