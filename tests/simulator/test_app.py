"""The simulated platform's hosts, keys, lists and errors, over real sockets (`mimo-api.md` §3, §11.3, §12)."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import httpx2
import pytest

from mimo_tui.core import catalogue
from mimo_tui.simulator import accounts
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.server import serve
from tests.conftest import NOW

CATALOGUE = catalogue.load()
PAID = "api.xiaomimimo.com"
CHINA = "token-plan-cn.xiaomimimo.com"
SINGAPORE = "token-plan-sgp.xiaomimimo.com"
EUROPE = "token-plan-ams.xiaomimimo.com"
BATCH = "batch-api-cn.xiaomimimo.com"
MODELS = "/v1/models"
CHAT = "/v1/chat/completions"
MESSAGES = "/anthropic/v1/messages"
HELLO = {"model": "mimo-v2.6-flash", "messages": [{"role": "user", "content": "Hello"}], "max_tokens": 64}

Ask = Callable[..., httpx2.Response]


@pytest.fixture
def platform() -> Platform:
    """A platform at the fixed time of the tests, whose clock stands still."""
    return Platform(CATALOGUE, at=NOW, clock=lambda: NOW)


@pytest.fixture
def ask(platform: Platform) -> Iterator[Ask]:
    """Ask a host of the platform, with a key behind `Authorization`."""
    with serve(platform) as served, httpx2.Client(base_url=served.origin, timeout=10) as client:

        def asked(
            path: str,
            host: str = PAID,
            key: str | None = accounts.PAY_AS_YOU_GO,
            *,
            method: str = "GET",
            headers: dict[str, str] | None = None,
            json: object = None,
            content: bytes | None = None,
        ) -> httpx2.Response:
            sent = {"host": host, **(headers or {})}
            if key is not None:
                sent["authorization"] = f"Bearer {key}"
            method = "POST" if json is not None or content is not None else method
            return client.request(method, path, headers=sent, json=json, content=content)

        yield asked


def error(answer: httpx2.Response) -> tuple[int, dict[str, str]]:
    body = answer.json()
    assert set(body) == {"error"}
    return answer.status_code, body["error"]


INVALID_KEY = (
    401,
    {
        "code": "401",
        "message": "Invalid API Key",
        "param": "Please provide valid API Key",
        "type": "invalid_key",
    },
)


@pytest.mark.parametrize(
    ("key", "hosts"),
    [
        (accounts.PAY_AS_YOU_GO, {PAID}),
        (accounts.CHINA, {CHINA}),
        (accounts.SINGAPORE, {SINGAPORE}),
        (accounts.EUROPE, {EUROPE}),
        (accounts.TEAM, {SINGAPORE}),
        (accounts.TWO_CLUSTERS, {CHINA, SINGAPORE}),
        (accounts.REVOKED, set()),
        (accounts.REVOKED_PAY_AS_YOU_GO, set()),
        (accounts.SAMPLE_GOOD, {PAID}),
        (accounts.SAMPLE_WRONG_CLUSTER, {CHINA}),
        (accounts.SAMPLE_UNUSED, {EUROPE}),
        (accounts.SAMPLE_OTHER_READING, {SINGAPORE}),
        (accounts.SAMPLE_REVOKED, set()),
    ],
)
def test_a_key_is_taken_by_its_own_hosts_and_refused_by_all_others(
    ask: Ask, key: str, hosts: set[str]
) -> None:
    for host in (PAID, CHINA, SINGAPORE, EUROPE):
        answer = ask(MODELS, host, key)
        if host in hosts:
            assert answer.status_code == 200
        else:
            assert error(answer) == INVALID_KEY


def test_the_list_of_models_has_ids_and_nothing_more(ask: Ask) -> None:
    body = ask(MODELS).json()
    assert body["object"] == "list"
    assert all(
        model == {"id": model["id"], "object": "model", "owned_by": "xiaomi"} for model in body["data"]
    )


def ids(answer: httpx2.Response) -> list[str]:
    return [model["id"] for model in answer.json()["data"]]


def test_the_list_of_models_is_of_the_platforms_day(ask: Ask, platform: Platform) -> None:
    now = ids(ask(MODELS))
    assert "mimo-v2.6-pro" in now
    assert "mimo-v2.5" not in now
    assert "mimo-v2.6-distill-qwen-9b" not in now
    platform.set_time(datetime(2026, 10, 21, 9, 59))
    assert {"mimo-v2.5", "mimo-v2.6-pro"} <= set(ids(ask(MODELS)))
    platform.advance(60)
    assert "mimo-v2.5" not in ids(ask(MODELS))
    platform.set_time(datetime(2026, 9, 1))
    assert "mimo-v2.6-pro" not in ids(ask(MODELS))


def test_a_plan_host_lacks_what_plans_do_not_get(ask: Ask) -> None:
    assert "mimo-v2.6-pro-ultraspeed" in ids(ask(MODELS))
    assert "mimo-v2.6-pro-ultraspeed" not in ids(ask(MODELS, SINGAPORE, accounts.SINGAPORE))


def test_a_host_can_have_more_and_fewer_models_than_we_know_of(ask: Ask, platform: Platform) -> None:
    host = platform.host(PAID)
    assert host is not None
    platform.put_host(replace(host, extra=("mimo-v9-pro",), missing=("mimo-v2.6-flash",)))
    listed = ids(ask(MODELS))
    assert "mimo-v9-pro" in listed
    assert "mimo-v2.6-flash" not in listed
    assert error(ask(CHAT, json=HELLO)) == (
        400,
        {"code": "400", "message": "Unsupported model mimo-v2.6-flash"},
    )
    assert ask(CHAT, json={**HELLO, "model": "mimo-v9-pro"}).status_code == 200


def test_the_list_needs_a_key_and_does_not_look_at_the_balance(ask: Ask) -> None:
    assert error(ask(MODELS, key=None)) == INVALID_KEY
    assert ask(MODELS, key=accounts.NO_BALANCE).status_code == 200
    assert ask(MODELS, SINGAPORE, accounts.QUOTA_USED).status_code == 200


def test_a_single_model_cannot_be_asked_for(ask: Ask) -> None:
    assert error(ask(f"{MODELS}/mimo-v2.6-pro")) == (
        400,
        {"code": "400", "message": "Invalid request", "param": "404 NOT_FOUND"},
    )
    assert error(ask(f"{MODELS}/mimo-v2.6-pro", key=None)) == INVALID_KEY


@pytest.mark.parametrize(
    "path",
    [
        "/v1/audio/speech",
        "/v1/images/generations",
        "/v1/embeddings",
        "/anthropic/v1/models",
        "/v1",
        "/v12/models",
        "/elsewhere",
    ],
)
def test_what_the_platform_does_not_offer_is_404_in_its_envelope(ask: Ask, path: str) -> None:
    status, fault = error(ask(path, json={}))
    assert (status, fault["code"]) == (404, "404")


def test_the_batch_host_answers_nothing_and_blames_no_key_for_it(ask: Ask) -> None:
    assert error(ask(CHAT, BATCH, json=HELLO))[0] == 404
    assert error(ask(MODELS, BATCH))[0] == 404


def test_the_list_is_also_where_a_probe_found_it_but_not_on_a_host_of_plans(ask: Ask) -> None:
    assert ask("/models").json() == ask(MODELS).json()
    assert error(ask("/models", key=None)) == INVALID_KEY
    assert error(ask("/models", SINGAPORE, accounts.SINGAPORE))[0] == 404
    assert error(ask("/models/mimo-v2.6-pro"))[0] == 404


@pytest.mark.parametrize(("path", "method"), [(MODELS, "POST"), (CHAT, "GET"), (MESSAGES, "DELETE")])
def test_a_wrong_method_is_405_as_json(ask: Ask, path: str, method: str) -> None:
    assert error(ask(path, method=method))[0] == 405


def keyed(ask: Ask, path: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if path == MODELS:
        return ask(path, key=None, headers=named).status_code
    return ask(path, key=None, headers=named, json=HELLO).status_code


@pytest.mark.parametrize("path", [MODELS, CHAT, MESSAGES])
def test_which_headers_carry_a_key(ask: Ask, path: str) -> None:
    good, bad = accounts.PAY_AS_YOU_GO, accounts.REVOKED_PAY_AS_YOU_GO
    assert keyed(ask, path, api_key=good) == 200
    assert keyed(ask, path, authorization=f"Bearer {good}") == 200
    assert keyed(ask, path, authorization=f"bearer  {good}") == 200
    assert keyed(ask, path, authorization=good) == 401
    assert keyed(ask, path, authorization=f"Basic {good}") == 401
    assert keyed(ask, path, x_api_key=good) == (200 if path == MESSAGES else 401)
    assert keyed(ask, path, api_key=bad, authorization=f"Bearer {good}") == 401
    assert keyed(ask, path, api_key=good, authorization=f"Bearer {bad}") == 200


WRONG_SCHEMA = (
    400,
    {"code": "400", "message": "Invalid request parameters", "param": "", "type": "Bad Request"},
)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"\xff", b'"text"', b"[" * 100_000, b'{"top_p":NaN}', b'{"top_p":-Infinity}',
     b'{"top_p":1e999}', '{"model":"mimo-v2.6-flash"}'.encode("utf-16")],
)  # fmt: skip
def test_json_that_cannot_be_read_is_refused_before_the_key_is_looked_at(ask: Ask, body: bytes) -> None:
    assert error(ask(CHAT, key=accounts.REVOKED, content=body)) == WRONG_SCHEMA


@pytest.mark.parametrize(
    ("key", "host", "status", "message"),
    [
        (accounts.NO_BALANCE, PAID, 402, "balance"),
        (accounts.QUOTA_USED, SINGAPORE, 429, "quota"),
        (accounts.FORBIDDEN, PAID, 403, "Illegal access"),
    ],
)
def test_an_account_that_may_not_generate_is_told_why(
    ask: Ask, key: str, host: str, status: int, message: str
) -> None:
    for path in (CHAT, MESSAGES):
        found, fault = error(ask(path, host, key, json=HELLO))
        assert found == status
        assert message in fault["message"]


@pytest.mark.parametrize(
    "model", ["mimo-v2.5", "mimo-v2-pro", "MiMo-V2.6-Flash", "gpt-5", "mimo-v2.6-pro[1m]"]
)
def test_a_retired_or_unknown_model_is_unsupported(ask: Ask, model: str) -> None:
    answer = ask(CHAT, json={**HELLO, "model": model})
    assert error(answer) == (400, {"code": "400", "message": f"Unsupported model {model}"})


def test_half_a_character_in_a_models_name_does_no_harm(ask: Ask) -> None:
    answer = ask(CHAT, content=b'{"model":"mimo\\ud83d"}')
    assert error(answer) == (400, {"code": "400", "message": "Unsupported model mimo?"})


@pytest.mark.parametrize("body", [{"messages": []}, {"model": None}, {"model": 5}, {"model": ""}])
def test_a_call_without_a_model_is_a_fault_of_schema(ask: Ask, body: dict[str, object]) -> None:
    assert error(ask(CHAT, json=body)) == WRONG_SCHEMA


@pytest.mark.parametrize(
    ("model", "day", "successor"),
    [
        ("mimo-v2-pro", datetime(2026, 6, 2), "mimo-v2.5-pro"),
        ("mimo-v2-omni", datetime(2026, 6, 2), "mimo-v2.5"),
        ("mimo-v2-flash", datetime(2026, 6, 19), "mimo-v2.5"),
    ],
)
def test_before_its_end_a_model_is_answered_for_by_its_successor(
    ask: Ask, platform: Platform, model: str, day: datetime, successor: str
) -> None:
    for at, answers in ((day - timedelta(days=2), model), (day, successor)):
        platform.set_time(at)
        assert ask(CHAT, json={**HELLO, "model": model}).json()["model"] == answers
    platform.set_time(datetime(2026, 6, 30))
    assert error(ask(CHAT, json={**HELLO, "model": model}))[1]["message"] == f"Unsupported model {model}"


@pytest.mark.parametrize(
    ("host", "key", "day", "length"),
    [
        (PAID, accounts.PAY_AS_YOU_GO, datetime(2026, 6, 19), 10),
        (CHINA, accounts.CHINA, datetime(2026, 6, 16), 9),
        (SINGAPORE, accounts.SINGAPORE, datetime(2026, 8, 15), 6),
    ],
)
def test_the_list_is_as_long_as_it_was_seen_to_be(
    ask: Ask, platform: Platform, host: str, key: str, day: datetime, length: int
) -> None:
    platform.set_time(day)
    assert len(ids(ask(MODELS, host, key))) == length


def test_claude_codes_way_to_write_a_long_context_is_understood_on_its_surface(ask: Ask) -> None:
    assert ask(MESSAGES, json={**HELLO, "model": "mimo-v2.6-pro[1m]"}).status_code == 200


def test_a_speech_model_is_not_on_the_anthropic_surface(ask: Ask) -> None:
    assert error(ask(MESSAGES, json={**HELLO, "model": "mimo-v2.5-tts"}))[0] == 400


@pytest.mark.parametrize(("stream", "status"), [(False, 421), (True, 400)])
def test_moderation_answers_a_stream_with_400_and_all_else_with_421(
    ask: Ask, stream: bool, status: int
) -> None:
    said = [{"role": "user", "content": "say something forbidden!"}]
    found, fault = error(ask(CHAT, json={**HELLO, "messages": said, "stream": stream}))
    assert (found, fault["code"], fault["message"]) == (status, "421", "Moderation Block")


def test_more_requests_a_minute_than_the_model_allows_are_refused(ask: Ask, platform: Platform) -> None:
    model = CATALOGUE.model("mimo-v2.6-flash")
    assert model is not None
    assert model.rpm is not None
    account = platform.account(accounts.PAY_AS_YOU_GO)
    assert account is not None
    for _ in range(model.rpm.value):
        assert platform.within_rate(account, model)
    answer = ask(CHAT, json=HELLO)
    assert error(answer) == (429, {"code": "429", "message": "Too many requests", "type": "limitation"})
    assert "retry-after" not in answer.headers
    assert not [name for name in answer.headers if "ratelimit" in name]
    assert ask(CHAT, json={**HELLO, "model": "mimo-v2.6-pro"}).status_code == 200
    assert ask(CHAT, key=accounts.WEB_SEARCH, json=HELLO).status_code == 200
    platform.advance(60)
    assert ask(CHAT, json=HELLO).status_code == 200


def test_time_that_goes_back_forgets_the_calls_of_the_future(platform: Platform) -> None:
    model, account = CATALOGUE.model("mimo-v2.6-pro"), platform.account(accounts.PAY_AS_YOU_GO)
    assert model is not None
    assert account is not None
    while platform.within_rate(account, model):
        pass
    platform.set_time(NOW - timedelta(days=1))
    assert platform.within_rate(account, model)


@pytest.mark.parametrize("path", [MODELS, CHAT, "/nothing", "/_simulator", "/_simulator/nothing"])
def test_every_answer_says_that_it_is_simulated(ask: Ask, path: str) -> None:
    for key in (accounts.PAY_AS_YOU_GO, None):
        answer = ask(path, key=key)
        assert answer.headers["x-simulated"] == "mimo-tui"
        assert answer.headers["server"] == "MiFE"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert answer.headers["access-control-max-age"] == "1800"
        assert answer.headers["x-request-id"]
        assert answer.headers["date"] == "Mon, 23 Nov 2026 12:00:00 GMT"


def test_a_browser_may_ask(ask: Ask) -> None:
    answer = ask(CHAT, key=None, method="OPTIONS")
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-max-age"] == "1800"


def test_a_host_can_be_named_in_the_path(ask: Ask) -> None:
    assert ask(f"/{SINGAPORE}{MODELS}", "127.0.0.1:4711", accounts.SINGAPORE).status_code == 200
    assert ask(f"/{CHINA}{MODELS}", "localhost", accounts.SINGAPORE).status_code == 401
    assert ask(f"/{PAID}{CHAT}", "[::1]:4711", json=HELLO).status_code == 200
    assert ask(f"/{SINGAPORE}", "localhost").status_code == 404
    assert ask(MODELS, "localhost").status_code == 404
    assert "SIMULATED" in ask("/", "localhost").text


def test_the_docs_are_there_under_their_own_name_and_in_the_path(ask: Ask) -> None:
    for path, host in (("/llms.txt", "mimo.mi.com"), ("/mimo.mi.com/llms.txt", "localhost")):
        answer = ask(path, host, None)
        assert answer.status_code == 200
        assert answer.text.startswith("# ")


def test_a_redirect_between_its_hosts_stays_on_this_machine_for_who_names_them_in_the_path(ask: Ask) -> None:
    page = "/docs/en-US/quick-start/summary/model"
    console = "platform.xiaomimimo.com"
    assert ask(page, console, None).headers["location"] == f"https://mimo.mi.com{page}"
    assert ask(f"/{console}{page}", "localhost", None).headers["location"] == f"/mimo.mi.com{page}"


def test_a_body_of_more_than_100_mb_is_refused_unread(platform: Platform) -> None:
    with serve(platform) as served:
        port = int(served.origin.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            head = f"POST {CHAT} HTTP/1.1\r\nHost: {PAID}\r\nContent-Length: {100 * 1024 * 1024 + 1}\r\n\r\n"
            connection.sendall(head.encode())
            assert connection.recv(20).startswith(b"HTTP/1.1 413 ")


def test_the_log_says_who_was_asked_how_and_never_with_which_key(ask: Ask, platform: Platform) -> None:
    ask(MODELS, SINGAPORE, accounts.SINGAPORE)
    ask(f"/{PAID}{CHAT}", "localhost", None, headers={"x-api-key": accounts.PAY_AS_YOU_GO}, json=HELLO)
    ask("/_simulator/log")
    first, second = platform.log
    assert (first.method, first.host, first.path, first.auth, first.status) == (
        "GET",
        SINGAPORE,
        MODELS,
        ("authorization",),
        200,
    )
    assert (second.host, second.path, second.auth, second.status) == (PAID, CHAT, ("x-api-key",), 401)
    assert first.at == NOW
    assert accounts.SINGAPORE not in repr(platform.log)
    assert accounts.SINGAPORE not in repr(platform.accounts)
    platform.clear_log()
    assert platform.log == ()


def test_a_key_can_be_revoked_and_an_account_changed(ask: Ask, platform: Platform) -> None:
    platform.revoke(accounts.PAY_AS_YOU_GO)
    assert ask(MODELS).status_code == 401
    account = platform.account(accounts.WEB_SEARCH)
    assert account is not None
    platform.put_account(replace(account, key=accounts.PAY_AS_YOU_GO))
    assert ask(MODELS).status_code == 200
