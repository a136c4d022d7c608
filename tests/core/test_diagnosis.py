"""What a person is told when a call fails: the failure table of protocol.md, and mimo-api.md §12."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core import catalogue, endpoints
from mimo_tui.core.catalogue import Modality
from mimo_tui.core.diagnosis import Asked, Cause, Diagnosis, Retry, diagnose
from mimo_tui.core.endpoints import key_kind
from mimo_tui.core.exchange import BODY_SHOWN, Exchange, Failure, read_error
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import clean, clean_lines

CATALOGUE = catalogue.load()
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAY = "https://api.xiaomimimo.com/v1"
SGP = "https://token-plan-sgp.xiaomimimo.com/v1"
PRO = "mimo-v2.6-pro"


def asked(
    base: str = SGP,
    key: str = "tp-0123456789abcdef",
    model: str = PRO,
    *,
    media: frozenset[Modality] = frozenset(),
    worked: bool = False,
) -> Asked:
    kind = key_kind(Secret(key), CATALOGUE)
    return Asked(endpoints.read(base, CATALOGUE, provider="mimo"), kind, model, media, worked)


def answer(
    status: int, body: object = "", *, content_type: str = "application/json", location: str = ""
) -> Exchange:
    text = body if isinstance(body, str) else json.dumps(body)
    return Exchange(
        "POST",
        clean(f"{SGP}/chat/completions"),
        clean("token-plan-sgp.xiaomimimo.com"),
        NOW,
        0.2,
        status=status,
        content_type=clean(content_type),
        location=clean(location),
        body=clean_lines(text),
        error=read_error(text),
    )


def refusal(status: int, message: str, param: str = "", type_: str = "") -> Exchange:
    error = {"code": str(status), "message": message, "param": param, "type": type_}
    return answer(status, {"error": error})


def broken(failure: Failure, reason: str = "") -> Exchange:
    host = "token-plan-sgp.xiaomimimo.com"
    return Exchange("GET", clean(SGP), clean(host), NOW, 1.0, failure=failure, reason=clean(reason))


def told(exchange: Exchange, what: Asked | None = None) -> Diagnosis:
    found = diagnose(exchange, what or asked(), CATALOGUE, NOW)
    assert found is not None
    assert found.says
    assert found.remedy
    assert found.because
    return found


INVALID = refusal(401, "Invalid API Key", "Please provide valid API Key", "invalid_key")


def test_a_key_of_the_other_kind_is_named_as_the_cause() -> None:
    found = told(INVALID, asked(SGP, key="sk-0123456789abcdef"))
    assert found.cause is Cause.KEY_KIND
    assert PAY in found.remedy
    assert found.retry is Retry.NO


def test_a_plan_key_on_pay_as_you_go_is_told_its_three_hosts_and_not_one_of_them_alone() -> None:
    found = told(INVALID, asked(PAY))
    assert found.cause is Cause.KEY_KIND
    for cluster in ("cn", "sgp", "ams"):
        assert f"token-plan-{cluster}" in found.remedy


def test_a_plan_key_refused_by_a_plan_host_may_be_of_another_cluster() -> None:
    assert told(INVALID).cause is Cause.CLUSTER


def test_a_key_that_worked_a_moment_ago_may_be_tried_once_more() -> None:
    found = told(INVALID, asked(worked=True))
    assert (found.cause, found.retry) == (Cause.TRANSIENT, Retry.ONCE)


def test_a_key_of_the_right_kind_refused_by_its_only_host_is_the_key_itself() -> None:
    assert told(INVALID, asked(PAY, key="sk-0123456789abcdef")).cause is Cause.KEY


@pytest.mark.parametrize(
    ("exchange", "cause", "retry"),
    [
        (refusal(400, "Param Incorrect", "temperature must be between 0 and 1.5"), Cause.PARAMETER, Retry.NO),
        (refusal(400, "Invalid request parameters", "", "Bad Request"), Cause.PARAMETER, Retry.NO),
        (refusal(402, "Insufficient balance"), Cause.BALANCE, Retry.NO),
        (refusal(429, "Insufficient account funds", "", "server_error"), Cause.BALANCE, Retry.NO),
        (refusal(403, "Illegal access", "", "illegal_access"), Cause.REGION, Retry.NO),
        (refusal(404, "Not Found"), Cause.PATH, Retry.NO),
        (refusal(421, "Moderation Block", "high risk", "content_filter"), Cause.MODERATION, Retry.NO),
        (refusal(400, "Moderation Block", "high risk", "content_filter"), Cause.MODERATION, Retry.NO),
        (refusal(429, "Too many requests", "", "limitation"), Cause.RATE, Retry.LATER),
        (refusal(429, "Token Plan quota exhausted"), Cause.QUOTA, Retry.NO),
        (refusal(408, "Timeout"), Cause.SERVER, Retry.LATER),
        (refusal(500, "Internal error"), Cause.SERVER, Retry.LATER),
        (refusal(503, "Overloaded"), Cause.SERVER, Retry.LATER),
        (
            refusal(
                400,
                "Param Incorrect",
                "web search tool found in the request body, but webSearchEnabled is false",
            ),
            Cause.PLUGIN,
            Retry.NO,
        ),
        (
            refusal(
                400,
                "Param Incorrect",
                "The reasoning_content in the thinking mode must be passed back to the API.",
            ),
            Cause.REASONING,
            Retry.NO,
        ),
        (refusal(400, "Multimodal data is corrupted or cannot be processed."), Cause.INPUT, Retry.NO),
        (
            refusal(400, "Param Incorrect", "Unknown voice: X. Available voices: [Mia, Dean]"),
            Cause.VOICE,
            Retry.NO,
        ),
        (refusal(400, "Unknown voice: insufficient balance. Available voices: []"), Cause.VOICE, Retry.NO),
        (refusal(418, "I am a teapot"), Cause.UNKNOWN, Retry.NO),
        (answer(401, "<html>login</html>", content_type="text/html"), Cause.NOT_THE_API, Retry.NO),
        (answer(200, "<!DOCTYPE html><html>", content_type="text/html"), Cause.NOT_THE_API, Retry.NO),
        (answer(302, "", location="https://example.com/login"), Cause.NOT_THE_API, Retry.NO),
        (answer(200, "it works!", content_type="text/plain"), Cause.NOT_THE_API, Retry.NO),
        (answer(200, '{"half": tru'), Cause.NOT_THE_API, Retry.NO),
        (answer(200, 'data:{"error":{"code":"429","message":"Too many requests"}}'), Cause.RATE, Retry.LATER),
        (
            answer(200, {"choices": [{"finish_reason": "content_filter", "message": {"content": "no"}}]}),
            Cause.MODERATION,
            Retry.NO,
        ),
        (broken(Failure.TIME_OUT), Cause.NETWORK, Retry.LATER),
        (broken(Failure.DNS), Cause.NETWORK, Retry.LATER),
        (broken(Failure.REFUSED), Cause.NETWORK, Retry.LATER),
        (broken(Failure.TLS, "certificate has expired"), Cause.NETWORK, Retry.NO),
        (broken(Failure.RESET), Cause.NETWORK, Retry.LATER),
        (broken(Failure.GARBLED), Cause.NETWORK, Retry.LATER),
        (broken(Failure.TOO_LONG), Cause.NETWORK, Retry.NO),
        (broken(Failure.OFFLINE), Cause.OFFLINE, Retry.NO),
        (broken(Failure.NOT_ALLOWED), Cause.NOT_ALLOWED, Retry.NO),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_each_way_to_fail_has_its_cause_and_says_whether_to_try_again(
    exchange: Exchange, cause: Cause, retry: Retry
) -> None:
    found = told(exchange)
    assert (found.cause, found.retry) == (cause, retry)


def test_every_failure_of_the_network_has_a_sentence() -> None:
    for failure in Failure:
        assert told(broken(failure)).says.endswith(".")


def test_a_slow_plan_host_sends_one_to_the_plan_page_that_names_the_cluster() -> None:
    assert "own cluster" in told(broken(Failure.TIME_OUT)).remedy
    assert "own cluster" not in told(broken(Failure.TIME_OUT), asked(PAY)).remedy


def test_a_retired_model_is_named_with_its_day_and_its_successor() -> None:
    found = told(refusal(400, "Unsupported model mimo-v2.5-pro"), asked(model="mimo-v2.5-pro"))
    assert found.cause is Cause.RETIRED_MODEL
    assert "2026-10-21" in found.says
    assert found.successor == "mimo-v2.6-pro"
    assert "mimo-v2.6-pro" in found.remedy


def test_a_retired_model_that_answers_404_is_told_as_retired_too() -> None:
    found = told(refusal(404, "Not Found"), asked(model="mimo-v2-omni"))
    assert found.cause is Cause.RETIRED_MODEL


def test_a_mistyped_model_gets_the_one_that_is_close() -> None:
    found = told(refusal(400, "Unsupported model mimo-v2.6-prp"), asked(model="mimo-v2.6-prp"))
    assert found.cause is Cause.UNKNOWN_MODEL
    assert "mimo-v2.6-pro" in found.remedy


def test_a_model_that_is_not_in_the_plan_says_so() -> None:
    model = "mimo-v2.6-pro-ultraspeed"
    assert "Token Plan" in told(refusal(400, f"Unsupported model {model}"), asked(model=model)).says


def test_an_image_on_a_model_without_vision_is_the_input_and_not_the_path() -> None:
    what = asked(model="mimo-v2.5-tts", media=frozenset({Modality.IMAGE}))
    found = told(refusal(404, "Not Found"), what)
    assert found.cause is Cause.INPUT
    assert "image" in found.says


def test_a_key_of_the_other_kind_may_also_get_404() -> None:
    assert told(refusal(404, "Not Found"), asked(PAY)).cause is Cause.KEY_KIND


def test_a_wrong_path_is_mended_in_the_remedy() -> None:
    found = told(refusal(404, "Not Found"), asked(f"{SGP}/chat/completions"))
    assert found.cause is Cause.PATH
    assert f"{SGP}" in found.remedy


def test_web_search_with_a_plan_key_is_not_sent_to_the_console() -> None:
    sentence = refusal(400, "Param Incorrect", "web search tool found …, but webSearchEnabled is false")
    assert "plan" in told(sentence).remedy
    assert "console" in told(sentence, asked(PAY, key="sk-0123456789abcdef")).remedy


def test_a_good_answer_has_no_diagnosis() -> None:
    for body in (
        {"object": "list", "data": []},
        'data: {"choices":[]}\n\n',
        ": PROCESSING\n\ndata: {}",
        "id: 1\ndata: {}",
        "\nretry: 3000\nid: 2\nevent: ping\ndata: {}",
        "[]",
    ):
        assert diagnose(answer(200, body), asked(), CATALOGUE, NOW) is None


def test_a_long_good_answer_of_which_only_the_beginning_is_kept_has_no_diagnosis() -> None:
    body = json.dumps({"choices": [{"message": {"content": "x" * BODY_SHOWN}}]})[:BODY_SHOWN]
    assert diagnose(answer(200, body), asked(), CATALOGUE, NOW) is None


def test_a_stream_is_not_judged_by_what_is_shown_of_it() -> None:
    shown = answer(200, "(something in its place)", content_type="text/event-stream; charset=utf-8")
    assert diagnose(shown, asked(), CATALOGUE, NOW) is None


def test_offline_is_said_once() -> None:
    says = told(broken(Failure.OFFLINE, "offline: nothing is asked of the network")).says
    assert says == "Nothing was sent, since the program was started with --offline."


@given(
    st.integers(100, 599),
    st.text(max_size=200),
    st.sampled_from(["application/json", "text/html", "text/event-stream", ""]),
    st.sampled_from(list(Modality)),
)
def test_whatever_a_server_answers_is_explained_and_no_refusal_is_called_good(
    status: int, body: str, content_type: str, media: Modality
) -> None:
    what = asked(media=frozenset({media}))
    found = diagnose(answer(status, body, content_type=content_type), what, CATALOGUE, NOW)
    assert found is not None or 100 <= status < 300
    if found is not None:
        assert found.says.isprintable()
        assert found.remedy.isprintable()


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=20) | st.integers(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["error", "code", "message", "param", "type"]), inner)
        ),
        max_leaves=12,
    )
)
def test_any_shape_of_an_error_body_is_read_without_falling_over(body: object) -> None:
    text = json.dumps({"error": body})
    found = read_error(text)
    again = read_error(f"data:{text}")
    assert found == again


def test_an_unknown_voice_names_those_that_there_are_and_the_one_that_was_meant() -> None:
    error = refusal(400, "Param Incorrect", "Unknown voice: mia. Available voices: [冰糖, Mia, Dean]")
    found = told(error, asked(PAY, key="sk-0123456789abcdef", model="mimo-v2.5-tts"))
    assert found.says.endswith(".xiaomimimo.com has no voice mia.")
    assert found.remedy == "Choose one of 冰糖, Mia, Dean. Did you mean Mia?"


def test_what_is_no_whole_list_replaces_no_voice_that_is_known() -> None:
    error = refusal(400, "Unknown voice: X. Available voices: ['Mia (en)', 'Chloe [beta]', 'Dean']")
    assert "Chloe, Milo, Dean" in told(error, asked(PAY, model="mimo-v2.5-tts")).remedy


@pytest.mark.parametrize(
    ("words", "end"), [("audio.format", "audio.format."), ("坏了。", "坏了。"), ("", "")]
)
def test_the_words_of_the_service_have_an_end(words: str, end: str) -> None:
    found = told(refusal(400, "Param Incorrect", words), asked(PAY))
    assert found.says.endswith(f": {end}" if end else ".")
    assert not found.says.endswith("..")
    assert told(refusal(418, "", words), asked(PAY)).says.endswith(f": {end}" if end else "answered 418.")


def test_an_unknown_voice_without_a_list_names_those_that_are_known() -> None:
    found = told(refusal(400, "Unknown voice: X"), asked(PAY, model="mimo-v2.5-tts"))
    assert "Chloe" in found.remedy
    many = ", ".join(f"voice-{number}" for number in range(30))
    found = told(refusal(400, f"Unknown voice: X. Available voices: [{many}]"), asked(PAY))
    assert found.remedy.endswith("voice-19 and 10 more.")
    assert told(refusal(400, "Unknown voice: X"), asked(PAY)).remedy == "Choose another voice, or none."
