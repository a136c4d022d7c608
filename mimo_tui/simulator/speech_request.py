"""What a request for speech says, and all that is wrong with it (`mimo-api.md` §9.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mimo_tui.core.catalogue import ModelKind, Voice
from mimo_tui.core.json_text import Json
from mimo_tui.simulator import parameters as read
from mimo_tui.simulator import tokens
from mimo_tui.simulator.call import Call
from mimo_tui.simulator.conversation import PER_MESSAGE
from mimo_tui.simulator.fault import Refusal, wrong_parameter, wrong_schema
from mimo_tui.simulator.generation import output_limit
from mimo_tui.simulator.mp3 import can_write
from mimo_tui.simulator.recordings import from_data_url
from mimo_tui.simulator.script import Script, as_written, with_tags
from mimo_tui.simulator.voices import Timbre, cloned, designed, of_catalogue, styled

WAV, MP3 = "wav", "mp3"
_STREAMED_FORMAT = "pcm16"
_FORMATS = (WAV, MP3, "pcm", _STREAMED_FORMAT)
_ELSEWHERE = "elsewhere"
_ASSISTANT_MISSING = "messages must contain an assistant role for TTS model"
_DESCRIPTION_MISSING = "messages must contain a user role with the description of the voice"


@dataclass(frozen=True, slots=True)
class Order:
    """A request that was found in order. `form` is one of the formats; `budget` and `prompt_tokens` are tokens.

    `preview` is the text as the model wrote or polished it; None: that was not asked for.
    """

    script: Script
    timbre: Timbre
    form: str
    stream: bool
    budget: int
    prompt_tokens: int
    preview: str | None = None


def read_speech(call: Call) -> Order:
    """Read the body; raises Refusal. A sample of a voice is listened to, which takes a while."""
    said = _messages(call.body.get("messages"))
    _check_fields(call)
    audio = read.table(call.body, "audio")
    stream = read.flag(call.body, "stream")
    form = read.one_of(audio, "format", *_FORMATS) or (_STREAMED_FORMAT if stream else WAV)
    if form == MP3 and not can_write():
        raise Refusal(
            wrong_parameter("audio.format: the simulator makes no MP3 here; ask for wav, pcm or pcm16")
        )
    kind = call.model.kind.value
    manner, text = said.get("user", ""), said.get("assistant")
    preview = _preview(audio, kind, manner, text)
    spoken = preview if preview is not None else text
    if spoken is None:
        raise Refusal(wrong_parameter(_ASSISTANT_MISSING))
    if not spoken.strip():
        raise Refusal(wrong_parameter("the text to be spoken must not be empty"))
    size = sum(PER_MESSAGE + tokens.count(content) for content in said.values())
    if call.model.context is not None and size > call.model.context.value:
        raise Refusal(
            wrong_parameter(f"the prompt has {size} tokens, the context takes {call.model.context.value}")
        )
    limit = output_limit(call)
    return Order(
        script=_script(kind, spoken),
        timbre=_timbre(call, audio, manner),
        form=form,
        stream=stream,
        budget=read.whole(call.body, "max_completion_tokens", 1, limit) or limit,
        prompt_tokens=size,
        preview=preview,
    )


def _script(kind: ModelKind, text: str) -> Script:
    # A designed voice knows no tags, and a cloned one does not sing (`mimo-api.md` §9.3).
    if kind is ModelKind.VOICE_DESIGN:
        return as_written(text)
    return with_tags(text, may_sing=kind is ModelKind.SPEECH)


def _messages(messages: Json) -> Mapping[str, str]:
    """Give the last text of each role."""
    if not isinstance(messages, list) or not messages:
        raise Refusal(wrong_schema())
    said: dict[str, str] = {}
    for message in messages:
        if not isinstance(message, dict) or not isinstance(role := message.get("role"), str):
            raise Refusal(wrong_schema())
        if role not in ("user", "assistant"):
            raise Refusal(wrong_parameter(f"{role[:80]} role is not allowed for TTS model"))
        said[role] = _text(message)
    return said


def _text(message: Mapping[str, Json]) -> str:
    content = message.get("content")
    if not isinstance(content, list):
        return read.text(message, "content")
    texts: list[str] = []
    for part in content:
        if not isinstance(part, dict) or part.get("type") != "text":
            raise Refusal(wrong_parameter("TTS model takes text content only"))
        texts.append(read.text(part, "text", required=True))
    return "\n".join(texts)


def _check_fields(call: Call) -> None:
    body = call.body
    refused = [name for name in ("tools", "stop") if body.get(name)]
    if (read.table(body, "response_format").get("type") or "text") != "text":
        refused.append("response_format")
    if (read.table(body, "thinking").get("type") or "disabled") != "disabled":
        refused.append("thinking")
    if body.get("n") is not None:
        refused.append("n")
    if refused:
        raise Refusal(wrong_parameter(f"{refused[0]} is not supported for TTS model"))
    read.number(body, "temperature", 0, 1.5)
    read.number(body, "top_p", 0.01, 1)


def _preview(audio: Mapping[str, Json], kind: ModelKind, description: str, text: str | None) -> str | None:
    if not read.flag(audio, "optimize_text_preview"):
        return None
    if kind is not ModelKind.VOICE_DESIGN:
        raise Refusal(wrong_parameter("audio.optimize_text_preview is for voice design only"))
    if text is not None and text.strip():
        return _polished(text.strip())
    about = description.strip().rstrip(".。!！")[:200]
    if tokens.is_wide(about):
        return f"你好，这是模拟的声音：{about}。很高兴认识你。"
    return f"Hello, this is a simulated voice: {about}. Pleased to meet you."


def _polished(text: str) -> str:
    end = "" if text[-1] in ".!?。！？…" else "。" if tokens.is_wide(text) else "."
    return text[0].upper() + text[1:] + end


def _timbre(call: Call, audio: Mapping[str, Json], manner: str) -> Timbre:
    match call.model.kind.value:
        case ModelKind.VOICE_DESIGN:
            if audio.get("voice") is not None:
                raise Refusal(wrong_parameter("audio.voice must be absent for voice design model"))
            if not manner.strip():
                raise Refusal(wrong_parameter(_DESCRIPTION_MISSING))
            return designed(manner)
        case ModelKind.VOICE_CLONE:
            sample = read.text(audio, "voice")
            if not sample:
                raise Refusal(wrong_parameter("audio.voice must be a data URL with a sample of the voice"))
            return styled(cloned(from_data_url(sample, "audio.voice")), manner)
        case _:
            return styled(of_catalogue(_voice(call, read.text(audio, "voice"))), manner)


def _voice(call: Call, name: str) -> Voice:
    """Find a voice; an alias gives the one that it stands for on this cluster (`mimo-api.md` §9.2)."""
    voices = {voice.id: voice for voice in call.model.voices}
    voice = voices.get(name) if name else _default(voices.values())
    if voice is None:
        raise Refusal(
            wrong_parameter(f"Unknown voice: {name[:200]}. Available voices: [{', '.join(voices)}]")
        )
    stands_for = voice.stands_for.get(call.host.cluster) or voice.stands_for.get(_ELSEWHERE, "")
    return voices.get(stands_for, voice)


def _default(voices: Iterable[Voice]) -> Voice | None:
    """Give the voice of whoever names none: the alias, else the first."""
    known = list(voices)
    return next((voice for voice in known if voice.stands_for), known[0] if known else None)
