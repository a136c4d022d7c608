"""What a model takes and gives: text, images, sound, film."""

import re
from collections.abc import Collection, Mapping

from mimo_tui.core.docs.readers.words import plain, words
from mimo_tui.core.facts import Toml

MODALITIES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "文本", "文字"),
    "image": ("image", "picture", "photo", "图片", "图像", "图"),
    "audio": ("audio", "sound", "speech", "voice", "音频", "声音", "语音", "音色", "录音"),
    "video": ("video", "film", "视频"),
}
SAMPLE = ("voice", "sample", "音色", "样本")
"""Words for sound that is a sample of a voice, not something to listen to."""

_BESIDE = frozenset((
    "a", "an", "the", "of", "only", "input", "inputs", "output", "outputs", "file", "files", "clip", "clips", "sample",
    "samples", "recording", "recordings", "frame", "frames", "understanding", "generation", "prompt", "prompts",
    "文件", "样本", "片段", "内容", "输入", "输出", "理解", "生成", "的",
))  # fmt: skip
_WORD = re.compile(r"[a-z]+|[^\W\da-z_]+")
_OPEN = re.compile(r"[~^0-9]")
_FOOTNOTE = re.compile(r"\^[0-9]+ ?$")
_PARTS = re.compile(r"[,;、/+&|()和与及]|\band\b|\bor\b|\bplus\b|\bas well as\b")
_ONLY = re.compile(r"\bonly\b|仅|只")


def read_modalities(cell: str) -> "Toml | None":
    """Read a list such as "Text, image, a sample of a voice"; None: a part or a word of it is not understood."""
    found: set[str] = set()
    for part in _PARTS.split(_ONLY.sub(" ", plain(cell))):
        if part.strip():
            if _OPEN.search(_FOOTNOTE.sub("", part)):
                return None
            said = words(part)
            named = [modality for modality, names in MODALITIES.items() if said.say(names)]
            if len(named) != 1 or not all(_is_beside(word, named[0]) for word in _WORD.findall(part)):
                return None
            found.add(named[0])
    return in_order(found) if found else None


def _is_beside(word: str, modality: str) -> bool:
    """Tell whether a word names the modality or adds nothing to it: any other may take it back ("not", "soon")."""
    if word.isascii():
        return word in _BESIDE or any(word.startswith(name) for name in MODALITIES[modality])
    for name in (*MODALITIES[modality], *(each for each in _BESIDE if not each.isascii())):
        word = word.replace(name, "")
    return not word


def in_order(found: Collection[str]) -> Toml:
    """Give modalities in the order of the catalogue."""
    return [one for one in MODALITIES if one in found]
