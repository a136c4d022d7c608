"""The program that decodes: a sound comes on standard input, its samples go out behind a short head.

It runs alone, since a damaged file makes the library end the whole program that uses it. It imports nothing of ours.
"""

import struct
import sys
from array import array

HEAD = struct.Struct("<II")
"""What comes before the samples: samples a second, and the channels that the file has."""
NO_LIBRARY, TOO_LONG, NO_SOUND = 3, 4, 5
"""How it ends where it gives nothing."""


def main(form: str, longest: int) -> int:
    """Decode what comes, a sound of that form of at most so many seconds; gives the exit code."""
    try:
        import miniaudio
    except ImportError:
        return NO_LIBRARY
    readers = {
        "wav": miniaudio.wav_get_info,
        "flac": miniaudio.flac_get_info,
        "mp3": miniaudio.mp3_get_info,
        "ogg": miniaudio.vorbis_get_info,
    }
    data = sys.stdin.buffer.read()
    try:
        told = readers[form](data)
        if told.num_frames > longest * told.sample_rate:
            return TOO_LONG
        as_16_bits = miniaudio.SampleFormat.SIGNED16
        sound = miniaudio.decode(data, as_16_bits, nchannels=1, sample_rate=told.sample_rate)
    except (miniaudio.MiniaudioError, ValueError, ZeroDivisionError):
        # The two others are what the library makes of a header that says nonsense.
        return NO_SOUND
    samples: array[int] = sound.samples
    if sys.byteorder == "big":
        samples.byteswap()
    sys.stdout.buffer.write(HEAD.pack(told.sample_rate, told.nchannels))
    sys.stdout.buffer.write(samples)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
