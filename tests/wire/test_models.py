"""The list of models of a host, in whatever shape it comes."""

import json

import pytest

from mimo_tui.core.exchange import Failure
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.http import CHECK, Client
from mimo_tui.wire.models import list_models
from tests.wire.servers import Connection, serving
from tests.wire.world import World

KEY = Secret("sk-not-a-real-key-0123456789")
IDS = ("mimo-v2.6-pro", "mimo-v2.6-flash")


def listed(*ids: str) -> bytes:
    return json.dumps({"object": "list", "data": [{"id": one, "object": "model"} for one in ids]}).encode()


@pytest.mark.parametrize(
    ("base", "paths"),
    [
        ("https://api.xiaomimimo.com/v1", ["/v1/models"]),
        ("https://api.xiaomimimo.com/v1/", ["/v1/models"]),
        ("https://api.xiaomimimo.com/anthropic", ["/v1/models"]),
        ("https://token-plan-cn.xiaomimimo.com/anthropic/", ["/v1/models"]),
        ("https://opencode.ai/zen/go/v1", ["/zen/go/v1/models"]),
        ("https://models.example.com/api/v3", ["/api/v3/models"]),
        ("https://models.example.com/anthropic", ["/anthropic/v1/models"]),
    ],
)
async def test_the_list_is_asked_for_where_it_is(
    client: Client, world: World, base: str, paths: list[str]
) -> None:
    async def answer(connection: Connection) -> None:
        await connection.answer(200, listed(*IDS))

    host = base.split("/")[2]
    world.answers[host] = answer
    found = await list_models(client, base, KEY, named=host)
    assert found.ids == IDS
    assert [one.path for one in world.server.requests] == paths
    assert {one.host for one in world.server.requests} == {host}


async def test_a_host_of_mimo_without_a_list_is_asked_at_its_root(client: Client, world: World) -> None:
    async def answer(connection: Connection) -> None:
        at_root = connection.request.path == "/models"
        await connection.answer(200 if at_root else 404, listed(*IDS) if at_root else b"{}")

    world.answers["api.xiaomimimo.com"] = answer
    found = await list_models(client, "https://api.xiaomimimo.com/v1", KEY)
    assert (found.ids, found.exchange.url) == (IDS, "https://api.xiaomimimo.com/models")
    assert [one.path for one in world.server.requests] == ["/v1/models", "/models"]


async def test_a_host_with_no_list_at_all_answers_for_the_documented_path(
    client: Client, world: World
) -> None:
    async def answer(connection: Connection) -> None:
        await connection.answer(404, b"{}")

    world.answers |= {"api.xiaomimimo.com": answer, "models.example.com": answer}
    found = await list_models(client, "https://api.xiaomimimo.com/v1", KEY)
    assert (found.ids, found.exchange.status) == (None, 404)
    assert found.exchange.url == "https://api.xiaomimimo.com/v1/models"
    world.server.requests.clear()
    await list_models(client, "https://models.example.com/v1", KEY, named="models.example.com")
    assert len(world.server.requests) == 1


@pytest.mark.parametrize(
    ("document", "ids"),
    [
        ({"data": [{"id": "a"}, {"id": "b"}]}, ("a", "b")),
        ({"models": [{"name": "a"}]}, ("a",)),
        (["a", "b", "a"], ("a", "b")),
        ({"data": []}, ()),
        ({"data": [{"id": "a"}, {"id": 7}, None, {}]}, ("a",)),
        ({"data": [{"id": "\u001b[2Ja"}]}, ("␛[2Ja",)),
        ({"data": [{"x": 1}]}, None),
        ({"data": "a"}, None),
        ({"error": {"code": "401"}}, None),
        ("a", None),
        (None, None),
    ],
)
async def test_a_list_is_read_leniently_and_anything_else_is_none(
    client: Client, document: Json, ids: tuple[str, ...] | None
) -> None:
    async def answer(connection: Connection) -> None:
        await connection.answer(200, json.dumps(document).encode())

    async with serving(answer) as server:
        found = await list_models(client, f"{server.url}/v1", KEY, named=server.place)
    assert found.ids == ids


@pytest.mark.parametrize(
    "body", [b"<!doctype html><title>Sign in</title>", b"", b"[" * 100_000, b"\xff\xfe{"]
)
async def test_a_page_or_garbage_is_no_list(client: Client, body: bytes) -> None:
    async def answer(connection: Connection) -> None:
        await connection.answer(200, body, content_type="text/html")

    async with serving(answer) as server:
        found = await list_models(client, f"{server.url}/v1", KEY, named=server.place)
    assert (found.ids, found.exchange.status, found.exchange.is_html) == (None, 200, True)


async def test_a_list_of_thousands_is_read(client: Client) -> None:
    ids = tuple(f"model-{number}" for number in range(5000))

    async def answer(connection: Connection) -> None:
        await connection.answer(200, listed(*ids))

    async with serving(answer) as server:
        found = await list_models(client, f"{server.url}/v1", KEY, named=server.place, limits=CHECK)
    assert found.ids == ids


async def test_no_answer_is_no_list(client: Client) -> None:
    found = await list_models(client, "not an address", KEY)
    assert (found.ids, found.exchange.failure) == (None, Failure.NOT_ALLOWED)


@pytest.mark.parametrize(
    "document",
    [
        ["a", "b"],
        {"models": [{"name": "a"}]},
        {"data": ["a"]},
        {"data": [{"name": "a"}]},
        {"data": [["id", "a"]]},
        {"data": {"id": "a"}},
    ],
)
async def test_of_a_host_of_mimo_only_the_documented_list_is_one(
    client: Client, world: World, document: Json
) -> None:
    """A verdict rests on it: what somebody in between answers must not look like a key that works."""

    async def answer(connection: Connection) -> None:
        await connection.answer(200, json.dumps(document).encode())

    world.answers["api.xiaomimimo.com"] = answer
    assert (await list_models(client, "https://api.xiaomimimo.com/v1", KEY)).ids is None


async def test_a_key_that_comes_back_as_a_model_is_not_shown(client: Client) -> None:
    key = Secret("Xk.*+?[a]{2}(b|c)/Canary=")

    async def answer(connection: Connection) -> None:
        await connection.answer(200, listed("m", key.reveal(), f"m-{key.reveal()}", "n"))

    async with serving(answer) as server:
        found = await list_models(client, f"{server.url}/v1", key, named=server.place)
    assert found.ids == ("m", "••••••", "m-••••••", "n")
