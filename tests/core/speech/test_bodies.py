"""The odd roles of speech: the text is the assistant's, its direction the user's (mimo-api.md §9.1, §9.5)."""

import pytest

from mimo_tui.core.json_text import Json
from mimo_tui.core.model import ModelKind
from mimo_tui.core.speech.bodies import recognition_body, speech_body
from mimo_tui.core.take import SoundFormat

LINE = "The harbour lights went out one by one."
SAMPLE = "data:audio/wav;base64,UklGRg=="


def said(role: str, text: str) -> Json:
    return {"role": role, "content": text}


def test_a_built_in_voice_with_direction() -> None:
    body = speech_body(ModelKind.SPEECH, LINE, voice="Mia", style="Warm.", format=SoundFormat.WAV)
    assert body == {
        "messages": [said("user", "Warm."), said("assistant", LINE)],
        "audio": {"format": "wav", "voice": "Mia"},
    }


def test_without_voice_style_and_format_the_service_chooses() -> None:
    assert speech_body(ModelKind.SPEECH, LINE) == {"messages": [said("assistant", LINE)]}


def test_a_designed_voice_has_its_description_where_the_direction_stands_and_never_a_voice() -> None:
    body = speech_body(
        ModelKind.VOICE_DESIGN, LINE, voice="Mia", description="An old man.", format=SoundFormat.MP3
    )
    assert body == {
        "messages": [said("user", "An old man."), said("assistant", LINE)],
        "audio": {"format": "mp3"},
    }


def test_direction_of_a_designed_voice_goes_below_its_description() -> None:
    body = speech_body(ModelKind.VOICE_DESIGN, LINE, description="An old man.", style="Slowly.")
    assert body["messages"] == [said("user", "An old man.\n\nSlowly."), said("assistant", LINE)]


@pytest.mark.parametrize(("text", "messages"), [("", 1), (LINE, 2)])
def test_a_designed_voice_may_write_its_own_line(text: str, messages: int) -> None:
    body = speech_body(ModelKind.VOICE_DESIGN, text, description="An old man.", polish=True)
    assert body["messages"] == [said("user", "An old man."), said("assistant", text)][:messages]
    assert body["audio"] == {"optimize_text_preview": True}


def test_a_cloned_voice_has_its_sample_as_its_voice() -> None:
    body = speech_body(
        ModelKind.VOICE_CLONE, LINE, voice="Mia", sample_url=SAMPLE, style="Sad.", format=SoundFormat.PCM16
    )
    assert body == {
        "messages": [said("user", "Sad."), said("assistant", LINE)],
        "audio": {"format": "pcm16", "voice": SAMPLE},
    }


@pytest.mark.parametrize("kind", [ModelKind.SPEECH, ModelKind.VOICE_CLONE])
def test_only_voice_design_is_asked_to_polish(kind: ModelKind) -> None:
    assert "optimize_text_preview" not in repr(speech_body(kind, LINE, sample_url=SAMPLE, polish=True))


@pytest.mark.parametrize("kind", [ModelKind.CHAT, ModelKind.RECOGNITION])
def test_other_models_do_not_speak(kind: ModelKind) -> None:
    with pytest.raises(ValueError, match="does not speak"):
        speech_body(kind, LINE)


def test_a_recording_stands_alone_in_one_message() -> None:
    part: Json = {"type": "input_audio", "input_audio": {"data": SAMPLE}}
    messages: Json = [{"role": "user", "content": [part]}]
    assert recognition_body(SAMPLE) == {"messages": messages}
    assert recognition_body(SAMPLE, "zh") == {"messages": messages, "asr_options": {"language": "zh"}}
