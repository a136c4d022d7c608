"""MP3 of what was spoken, where a library that writes it is installed: `soundfile`, which nothing else here needs.

MP3 keeps no lowest bit, so that the words stand in a tag before the sound (ID3v2.4, "4.27. Private frame").
"""

import io

_OWNER = b"simulated\0"
_TAG, _FRAME = b"ID3\x04\0\0", b"PRIV"


def can_write() -> bool:
    """Tell whether the library is here, and knows MP3. It is loaded, which is slow."""
    try:
        import soundfile
    except (ImportError, OSError):
        return False
    return "MP3" in soundfile.available_formats()


def as_mp3(samples: bytes, rate: int, words: str) -> bytes:
    """Write 16-bit little-endian mono samples as an MP3 file. Slow."""
    import soundfile

    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", samplerate=rate, channels=1, format="MP3", subtype="MPEG_LAYER_III"
    ) as written:
        written.buffer_write(samples, "int16")
    content = _OWNER + words.encode("utf-8", "replace")
    frame = _FRAME + _size(len(content)) + bytes(2) + content
    return _TAG + _size(len(frame)) + frame + file.getvalue()


def words_in(data: bytes) -> str | None:
    """Give the words that stand in an MP3 of ours; None: it is none."""
    at = len(_TAG) + 4
    content = at + len(_FRAME) + 6
    if not data.startswith(_TAG) or data[at : at + 4] != _FRAME or not data.startswith(_OWNER, content):
        return None
    end = content + _number(data[at + 4 : at + 8])
    return data[content + len(_OWNER) : end].decode("utf-8", "replace")


def _size(number: int) -> bytes:
    """Write a size with seven bits to the byte (ID3v2.4, "6.2. Synchsafe integers")."""
    return bytes(number >> place & 0x7F for place in (21, 14, 7, 0))


def _number(size: bytes) -> int:
    return sum((byte & 0x7F) << place for byte, place in zip(size, (21, 14, 7, 0), strict=False))
