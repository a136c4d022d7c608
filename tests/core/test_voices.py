"""The voices that a service names when it is asked for another one: read in every form, and learned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core.catalogue import Catalogue, Voice, load
from mimo_tui.core.drift import Discrepancy, Signal, compare
from mimo_tui.core.evidence import Evidence, VoicesSeen
from mimo_tui.core.exchange import ApiError, Exchange
from mimo_tui.core.facts import Certainty, toml_table
from mimo_tui.core.findings import Severity
from mimo_tui.core.learning import learn
from mimo_tui.core.text import NOTHING, clean
from mimo_tui.core.voices import NoVoice, no_voice
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.simulator.site.planted import CONTRADICTIONS
from tests.evidence import AT, evidence_of

SHIPPED = load()
SPEAKER = "mimo-v2.5-tts"
PAY, CN = "api.xiaomimimo.com", "token-plan-cn.xiaomimimo.com"
ALL = ("mimo_default", "冰糖", "茉莉", "苏打", "白桦", "Mia", "Chloe", "Milo", "Dean")


def refused(param: str, message: str = "Param Incorrect", body: str = "") -> Exchange:
    """An answer of 400 with this error, and the beginning of its body as it is kept."""
    error = ApiError(clean("400"), clean(message), clean(param), NOTHING)
    url = f"https://{PAY}/v1/chat/completions"
    return Exchange(
        "POST",
        clean(url),
        clean(PAY),
        datetime(2026, 11, 23, tzinfo=UTC),
        0.1,
        400,
        error=error,
        body=clean(body),
    )


def read(text: str) -> NoVoice:
    found = no_voice(refused(text))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Unknown voice: X. Available voices: [冰糖, Mia, mimo_default]",
        "Unknown voice: X. Available voices: ['冰糖', 'Mia', 'mimo_default']",
        'Unknown voice: "X". Available voices: ["冰糖", "Mia", "mimo_default"]',
        "unknown voice: X。available voices： 【冰糖、Mia、mimo_default】。",
        "Unknown voice: X. Available voices are [冰糖, Mia and mimo_default,].",
        "Invalid voice 'X', supported voices: (冰糖; Mia; mimo_default)",
        "Unsupported voice id X; valid voices: {冰糖|Mia|mimo_default}",
        "Unknown voice: X. Available voices: [冰糖 (Chinese, female), Mia: English, mimo_default - alias]",
        'Unknown voice: X. Available voices: [{"id": "冰糖"}, {"name": "M", "id": "Mia"}, {"name": "mimo_default"}]',
        "Unknown voice: X. Available voices: [冰糖,\n Mia,\n Mia,\n mimo_default]",
        "Unknown voice: X. Available voices: ['冰糖' (Chinese [female]), 'Mia': English, `mimo_default`]",
    ],
)
def test_the_list_of_an_error_is_read_in_whatever_form_it_comes(text: str) -> None:
    found = read(text)
    assert (found.asked, found.voices, found.is_whole) == ("X", ("冰糖", "Mia", "mimo_default"), True)


def test_the_list_may_stand_in_the_message_too() -> None:
    found = no_voice(refused("", "Unknown voice: X. Available voices: [Mia]"))
    assert found is not None
    assert found.voices == ("Mia",)


@pytest.mark.parametrize(
    "text", ["", "Param Incorrect", "Invalid voice sample", "The voice is unknown to me"]
)
def test_another_error_is_not_about_a_voice(text: str) -> None:
    assert no_voice(refused(text)) is None


def test_a_list_that_was_cut_off_is_not_whole() -> None:
    many = ", ".join(f"voice-{number}" for number in range(40))
    assert not read(f"Unknown voice: X. Available voices: [{many}").is_whole
    assert not read(f"Unknown voice: X. Available voices: {many}").is_whole
    assert not read("Unknown voice: X.").is_whole
    assert read("Unknown voice: X.").voices == ()


def test_a_list_that_was_cut_off_in_the_error_is_read_whole_from_the_body() -> None:
    names = [f"voice-{number}" for number in range(60)]
    text = f"Unknown voice: X. Available voices: [{', '.join(names)}]"
    found = no_voice(refused(text[:500], body=f'{{"error": {{"code": "400", "param": "{text}"}}}}'))
    assert found is not None
    assert found.voices == tuple(names)
    assert found.is_whole


@pytest.mark.parametrize(
    ("rest", "seen"),
    [
        ("Available voices: see the documentation at https://platform.example/voices.", ()),
        ("Available voices are listed in the docs.", ()),
        ("Available voices: none", ()),
        ("Available voices: Mia, Dean", ()),
        ("Available voices: [X]", ()),
        ("Available voices: [Mia, X, Dean]", ()),
        ("is not of this model. Available voices: [X, Dean]", ()),
        ("Available voices: ['Mia (en)', 'Chloe [beta]', 'Dean']", ("Dean",)),
        ('Available voices: ["Mia (en)", "Chloe [beta]", "Dean"]', ("Dean",)),
        ("Available voices: [Mia, Dean, ...]", ("Mia", "Dean")),
        ("Available voices: [Mia, Dean and 20 more]", ("Mia", "Dean")),
        ("Available voices: [Mia, Dean], and those of your account", ("Mia", "Dean")),
        ("Some available voices: [Mia, Dean]", ("Mia", "Dean")),
        ("Available voices: [Mia, Dea", ("Mia",)),
        ('Available voices: [{"id": "Mia"}, {"tone": "warm"}]', ("Mia",)),
        (f"Available voices: [{', '.join(f'v{number}' for number in range(501))}]", None),
    ],
)
def test_prose_or_half_a_list_or_one_with_the_refused_voice_is_not_to_be_believed(
    rest: str, seen: tuple[str, ...] | None
) -> None:
    found = no_voice(refused("", f"Unknown voice: X. {rest}", body=""))
    assert found is not None
    assert not found.is_whole
    assert not found.is_believable(ALL)
    assert seen is None or found.voices == seen


def test_a_list_of_one_is_believed_where_that_voice_is_known() -> None:
    one = read("Unknown voice: X. Available voices: [Mia]")
    assert one.is_believable(ALL)
    assert not one.is_believable(("Dean",))
    assert read("Unknown voice: X. Available voices: [Nora, Otto]").is_believable(ALL)


def test_names_that_can_be_none_are_left_out() -> None:
    found = read(
        "Unknown voice: \x1b[31mX. Available voices: [Mia, [red]x[/], \x1b[2J, sk-0123456789abcdefghij, "
        f"{'x' * 300}, ../../x, \u202eMilo]"
    )
    assert found.voices == ("Mia",)
    assert found.asked.isprintable()


def test_the_voice_that_was_meant_is_found_by_its_spelling() -> None:
    assert read("Unknown voice: mai. Available voices: [Dean, Mia]").close == "Mia"
    assert read("Unknown voice: CHLOE. Available voices: [Dean, Chloe]").close == "Chloe"
    assert read("Unknown voice: zzz. Available voices: [Dean, Chloe]").close == ""


@given(st.text(max_size=60), st.text(max_size=120))
def test_any_words_are_read_without_an_error(asked: str, rest: str) -> None:
    found = no_voice(refused(f"Unknown voice: {asked}. Available voices: {rest}"))
    assert found is not None
    assert all(name.isprintable() and len(name) <= 80 for name in found.voices)


@given(
    st.lists(
        st.from_regex(r"(?!(?i:more|others?|etc)$)[A-Za-z\u4e00-\u9fff][\w]{0,10}", fullmatch=True),
        min_size=1,
        max_size=9,
        unique=True,
    )
)
def test_every_list_of_names_comes_back_in_its_order(names: list[str]) -> None:
    assert read(f"Unknown voice: !. Available voices: [{', '.join(names)}]").voices == tuple(names)


# What is learned


def named(*ids: str, host: str = PAY, model: str = SPEAKER, at: datetime = AT) -> VoicesSeen:
    quote = f"Unknown voice: X. Available voices: [{', '.join(ids)}]"
    return VoicesSeen(clean(host), clean(model), at, tuple(map(clean, ids)), clean(quote))


def learned(*seen: VoicesSeen, override: str = "", evidence: Evidence | None = None) -> Catalogue:
    return learn(SHIPPED, replace(evidence or Evidence(), voices=seen), toml_table(override))


def voices(known: Catalogue, model: str = SPEAKER) -> dict[str, Voice]:
    found = known.model(model)
    assert found is not None
    return {voice.id: voice for voice in found.voices}


def test_the_voices_that_a_host_names_are_those_of_the_model() -> None:
    known = voices(learned(named("Nora", "Mia", "mimo_default")))
    assert list(known) == ["Nora", "Mia", "mimo_default"]
    source = known["Nora"].source
    assert (source.certainty, source.fetched) == (Certainty.HOST, AT)
    assert f"the answer of {PAY} to an unknown voice, read 2026-11-23" in str(source)
    assert "Available voices: [Nora" in source.quote
    assert (known["Mia"].language, known["Mia"].gender) == ("English", "female")
    assert (known["Nora"].language, known["Nora"].character) == ("", "")
    assert known["mimo_default"].stands_for


def test_what_the_docs_say_of_a_voice_stays_known() -> None:
    pages = evidence_of(CONTRADICTIONS["voice-added"].change(shipped()))
    assert voices(learned(named("Nora"), evidence=pages))["Nora"].language == "English"


def test_an_alias_that_an_error_leaves_out_stays_while_its_voice_is_there() -> None:
    assert "mimo_default" in voices(learned(named("Mia", "Milo")))
    assert "mimo_default" not in voices(learned(named("Nora", "Milo")))


def test_the_newest_answer_counts_whichever_host_gave_it() -> None:
    old, new = named("Mia", at=AT - timedelta(days=1)), named("Nora", host=CN)
    for seen in ((old, new), (new, old)):
        assert list(voices(learned(*seen))) == ["Nora"]


def test_the_persons_own_voices_stand_before_all() -> None:
    own = f'[models."{SPEAKER}"]\nvoices = [{{ id = "Otto" }}]\n'
    assert list(voices(learned(named("Nora"), override=own))) == ["Otto"]


@pytest.mark.parametrize(
    "seen",
    [
        named("Nora", host="models.example"),
        named("Nora", host="opencode.ai"),
        named(),
        named("Nora", model="mimo-of-nobody"),
    ],
)
def test_nothing_is_learned_from_elsewhere_or_of_a_model_that_nobody_knows(seen: VoicesSeen) -> None:
    assert voices(learned(seen)) == voices(SHIPPED)
    assert learned(seen).model("mimo-of-nobody") is None


# Drift


def drift(*seen: VoicesSeen, evidence: Evidence | None = None) -> tuple[Discrepancy, ...]:
    return compare(SHIPPED, replace(evidence or Evidence(), voices=seen), AT).discrepancies


def test_the_voices_of_the_docs_are_no_drift_with_or_without_the_alias() -> None:
    assert drift(named(*ALL)) == drift(named(*ALL[1:])) == drift(named(*reversed(ALL))) == ()


def test_other_voices_than_those_of_the_docs_are_drift() -> None:
    (one,) = drift(named(*ALL[:-1], "Nora"))
    assert (one.signal, one.severity) == (Signal.CAPABILITY, Severity.WARNING)
    assert (one.old, one.new, one.subject) == ("Dean", "Nora", f"{SPEAKER}, voices")
    assert one.message == (
        f"{PAY} names the voices of {SPEAKER}: the docs do not name Nora, "
        "and it does not have Dean, which the docs name."
    )
    assert "Available voices" in one.quote
    (more,) = drift(named(*ALL, "Nora"))
    assert (more.severity, more.old) == (Severity.INFO, "")
    assert drift(replace(named("Nora"), simulated=True))[0].seen_in.endswith("SIMULATED)")


def test_what_the_docs_took_up_or_left_out_later_is_no_drift() -> None:
    earlier = named(*ALL, at=AT - timedelta(days=400))
    for name in ("voice-added", "voice-gone"):
        pages = evidence_of(CONTRADICTIONS[name].change(shipped()))
        assert not [
            one
            for one in drift(earlier, evidence=pages)
            if one.subject.endswith("voices") and one.quote == earlier.quote
        ]


def test_voices_of_another_host_or_an_unknown_model_are_no_drift() -> None:
    assert drift(named("Nora", host="models.example")) == drift(named("Nora", model="mimo-of-nobody")) == ()
