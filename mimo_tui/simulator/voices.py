"""How a voice sounds: of the catalogue, from a description, or after a sample; and what words change in it."""

import hashlib
import re
from dataclasses import dataclass, replace

from mimo_tui.core.catalogue import Voice
from mimo_tui.simulator.recordings import Recording, loudness, pitch

_LOWEST, _HIGHEST = 65.0, 380.0


@dataclass(frozen=True, slots=True)
class Timbre:
    """A voice. `pitch` in Hz; `swing` in semitones, how far the melody of a sentence goes up and down.

    `tract` stretches the formants (a short throat sounds bright), `breath` and `rough` are shares from 0 to 1,
    `tempo` and `loudness` are factors, 1 being usual.
    """

    pitch: float
    tract: float = 1.0
    swing: float = 4.0
    tempo: float = 1.0
    loudness: float = 1.0
    breath: float = 0.06
    rough: float = 0.01


@dataclass(frozen=True, slots=True)
class _Change:
    pitch: float = 1.0
    tract: float = 1.0
    swing: float = 1.0
    tempo: float = 1.0
    loudness: float = 1.0
    breath: float = 0.0
    rough: float = 0.0


# Who it is: pitch in Hz and tract; the first that a description names. A star stands for any ending.
_PEOPLE = (
    ("child* kid* baby toddler* 孩 童 幼 正太 萝莉 奶声", 290.0, 1.3),
    (
        "woman women female* girl* lady ladies grandmother grandma mother queen she her 女 奶奶 妈 姐",
        205.0,
        1.16,
    ),
    ("man men male* boy* gentleman grandfather grandpa father king he his 男 爷 叔 爸 哥", 116.0, 1.0),
)
_NOBODY = (158.0, 1.08)

_CHANGES = (
    ("deep* low bass baritone 低沉 深沉 低音 醇厚 磁性 浑厚", _Change(pitch=0.84, tract=0.95)),
    ("high shrill squeaky soprano 高音 高亢 尖 清亮 夹子", _Change(pitch=1.18, tract=1.05)),
    (
        "old older elder* aged senior ancient 老人 老年 老者 苍老 高龄 年迈 爷爷 奶奶",
        _Change(pitch=0.9, tempo=0.86, breath=0.08, rough=0.03),
    ),
    ("young youth* teen* 少女 少年 年轻 青年", _Change(pitch=1.08, tract=1.03)),
    ("mature steady middle 成熟 沉稳 中年 稳重", _Change(pitch=0.92, swing=0.8, tempo=0.98)),
    ("gravel* hoarse husky rough raspy 沙哑 嘶哑 烟嗓", _Change(pitch=0.94, rough=0.06, breath=0.06)),
    (
        "fast* quick* rapid* hurr* rushed brisk* 语速快 加快 较快 极快 稍快 很快 偏快 快速 急促",
        _Change(tempo=1.3),
    ),
    ("slow* unhurried leisurely drawn lazy sleepy 慢 慵懒 放缓 拖音", _Change(tempo=0.75)),
    ("whisper* hushed 低语 耳语 小声 悄悄 气声", _Change(loudness=0.4, breath=0.5, tempo=0.95)),
    ("quiet* soft* gentle* tender* 轻声 温柔 轻柔 柔", _Change(loudness=0.7, breath=0.06, swing=0.9)),
    ("loud* shout* yell* scream* 大声 大喊 喊 吼 洪亮", _Change(loudness=1.7, pitch=1.15, swing=1.2)),
    (
        "happy cheer* joy* lively excited sunny smil* 开心 高兴 兴奋 活泼 阳光 俏皮",
        _Change(1.06, swing=1.4, tempo=1.07),
    ),
    (
        "sad* sorrow* cry* sob* tired 悲 难过 哽咽 疲惫 委屈 怅然",
        _Change(0.94, swing=0.6, tempo=0.84, loudness=0.8),
    ),
    ("angry anger fur* 愤怒 生气 怒", _Change(1.05, swing=1.3, tempo=1.1, loudness=1.5, rough=0.02)),
    ("calm* cold serious intellectual 平静 冷 严肃 知性", _Change(swing=0.6, tempo=0.96)),
    ("warm* sweet* dream* bedtime 温暖 甜", _Change(0.98, swing=1.1, tempo=0.94, breath=0.04)),
    ("robot* monoton* flat 机器人 单调", _Change(swing=0.0)),
)


def of_catalogue(voice: Voice) -> Timbre:
    """Give a built-in voice: by its gender and character, and a bit of its own."""
    return designed(f"{voice.gender} {voice.character}", voice.id)


def designed(description: str, seed: str = "") -> Timbre:
    """Give the voice that a description asks for; the same one each time."""
    words = _words(description)
    height, tract = next(
        ((height, tract) for names, height, tract in _PEOPLE if _named(names, words, description)), _NOBODY
    )
    own = hashlib.sha256((seed or description).encode("utf-8", "replace")).digest()
    timbre = Timbre(
        pitch=height * _spread(own[0], 0.09),
        tract=tract * _spread(own[1], 0.05),
        swing=4.0 * _spread(own[2], 0.25),
        tempo=_spread(own[3], 0.04),
    )
    return styled(timbre, description)


def cloned(sample: Recording) -> Timbre:
    """Give a voice with the pitch and the loudness of a sample; MP3 is not decoded, so its bytes tell."""
    own = hashlib.sha256(sample.content).digest()
    heard = pitch(sample) if sample.samples else None
    height = heard or 95.0 + own[4] * 0.7
    level = loudness(sample) if sample.samples else 0.0
    return Timbre(
        pitch=_within(height, _LOWEST, _HIGHEST),
        tract=_within(1.0 + (height - 116.0) / 560.0, 0.92, 1.3) * _spread(own[1], 0.03),
        swing=4.0 * _spread(own[2], 0.25),
        loudness=_within(level / 0.09, 0.3, 1.8) if level else 1.0,
    )


def styled(timbre: Timbre, words: str) -> Timbre:
    """Give the voice as the words of a style, a tag or a description change it."""
    found = _words(words)
    for names, change in _CHANGES:
        if _named(names, found, words):
            timbre = replace(
                timbre,
                pitch=timbre.pitch * change.pitch,
                tract=timbre.tract * change.tract,
                swing=timbre.swing * change.swing,
                tempo=timbre.tempo * change.tempo,
                loudness=timbre.loudness * change.loudness,
                breath=timbre.breath + change.breath,
                rough=timbre.rough + change.rough,
            )
    return replace(
        timbre,
        pitch=_within(timbre.pitch, _LOWEST, _HIGHEST),
        tract=_within(timbre.tract, 0.85, 1.4),
        swing=_within(timbre.swing, 0.0, 9.0),
        tempo=_within(timbre.tempo, 0.55, 1.8),
        loudness=_within(timbre.loudness, 0.2, 2.2),
        breath=_within(timbre.breath, 0.0, 0.8),
        rough=_within(timbre.rough, 0.0, 0.12),
    )


def is_style(words: str) -> bool:
    """Tell whether the words change a voice."""
    found = _words(words)
    return any(_named(names, found, words) for names, _ in _CHANGES)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", text.lower()))


def _named(names: str, words: frozenset[str], text: str) -> bool:
    """Tell whether one of the names is a word of the text; a Chinese name may stand anywhere in it."""
    for name in names.split():
        if not name.isascii():
            if name in text:
                return True
        elif name.endswith("*"):
            if any(word.startswith(name[:-1]) for word in words):
                return True
        elif name in words:
            return True
    return False


def _spread(byte: int, share: float) -> float:
    return 1.0 + share * (byte - 127.5) / 127.5


def _within(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))
