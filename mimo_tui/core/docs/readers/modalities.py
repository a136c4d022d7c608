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

_PARTS = re.compile(r"[,;、/+&|()和与及]|\band\b|\bor\b|\bplus\b|\bas well as\b")
_ONLY = re.compile(r"\bonly\b|仅|只")


def read_modalities(cell: str) -> "Toml | None":
    """Read a list such as "Text, image, a sample of a voice"; None: a part of it is not understood."""
    found: set[str] = set()
    for part in _PARTS.split(_ONLY.sub(" ", plain(cell))):
        if part.strip():
            said = words(part)
            named = [modality for modality, names in MODALITIES.items() if said.say(names)]
            if len(named) != 1:
                return None
            found.add(named[0])
    return in_order(found) if found else None


def in_order(found: Collection[str]) -> Toml:
    """Give modalities in the order of the catalogue."""
    return [one for one in MODALITIES if one in found]
