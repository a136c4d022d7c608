"""The bodies of requests to speak and to recognise speech (`mimo-api.md` §9.1, §9.5)."""

from typing import Final

from mimo_tui.core.json_text import Json
from mimo_tui.core.model import ModelKind
from mimo_tui.core.take import SoundFormat

SPEAKING: Final = frozenset({ModelKind.SPEECH, ModelKind.VOICE_DESIGN, ModelKind.VOICE_CLONE})


def speech_body(
    kind: ModelKind,
    text: str,
    *,
    voice: str = "",
    description: str = "",
    sample_url: str = "",
    style: str = "",
    format: SoundFormat | None = None,  # noqa: A002 the API's word
    polish: bool = False,
) -> dict[str, Json]:
    """Give the body, but for `model` and `stream`, of what a model of that kind is to speak.

    The roles are those of the API: the text stands as the assistant's, its direction as the user's, and there is no
    system message. `voice` counts for speech only (empty: the default), `description` and `polish` for voice design,
    `sample_url`, a data URL, for voice cloning; `style` goes below a description. A text that is empty is left out
    where the model is to write it. Raises ValueError for a kind that does not speak.
    """
    if kind not in SPEAKING:
        raise ValueError(f"a model for {kind.value} does not speak")
    designed = kind is ModelKind.VOICE_DESIGN
    told = (description, style) if designed else (style,)
    direction = "\n\n".join(each for each in told if each.strip())
    messages: list[Json] = [{"role": "user", "content": direction}] if direction else []
    if text.strip() or not (designed and polish):
        messages.append({"role": "assistant", "content": text})
    audio: dict[str, Json] = {} if format is None else {"format": format.value}
    if kind is ModelKind.SPEECH and voice:
        audio["voice"] = voice
    elif kind is ModelKind.VOICE_CLONE:
        audio["voice"] = sample_url
    elif designed and polish:
        audio["optimize_text_preview"] = True
    body: dict[str, Json] = {"messages": messages}
    return body | {"audio": audio} if audio else body


def recognition_body(sample_url: str, language: str = "") -> dict[str, Json]:
    """Give the body, but for `model` and `stream`, of what is to be recognised; `sample_url` is a data URL.

    `language` is one that the service takes; empty: the service chooses by itself.
    """
    part: Json = {"type": "input_audio", "input_audio": {"data": sample_url}}
    body: dict[str, Json] = {"messages": [{"role": "user", "content": [part]}]}
    return body | {"asr_options": {"language": language}} if language else body
