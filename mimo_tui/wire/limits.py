"""How long a request may take, and how much it may bring."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds, and for how much, in bytes. `whole` covers every try of a request.

    `patient`: 408 and 429 are tried again too (`mimo-api.md` §12).
    """

    connect: float = 4.0
    first_byte: float = 30.0
    silence: float = 30.0
    whole: float | None = None
    size: int = 20 * 1024 * 1024
    tries: int = 3
    patient: bool = True


USUAL = Limits()
"""Of a conversation: a model may think for a while."""

STREAMED_ANSWER = Limits(first_byte=120.0, silence=120.0, size=128 * 1024 * 1024)
"""Of an answer that somebody watches coming and can stop: a film is looked at before the first byte comes.

The longest has 131,072 tokens, and each comes in an event of some 300 bytes.
"""

WHOLE_ANSWER = Limits(first_byte=3600.0, silence=120.0, size=128 * 1024 * 1024)
"""Of an answer that comes at once: all of it is written before the first byte comes."""

SPEECH = Limits(first_byte=3600.0, silence=600.0, size=128 * 1024 * 1024)
"""Of speech, streamed or not: designed and cloned voices send nothing until all is spoken (`mimo-api.md` §9.4).

The longest, 8,192 tokens of sound, comes as some 84 MB of base64.
"""

PAGE = Limits(connect=4.0, first_byte=10.0, silence=8.0, whole=30.0, size=5 * 1024 * 1024, tries=2)
"""Of a page of the documentation."""

WHOLE_DOCUMENTATION = Limits(connect=4.0, first_byte=15.0, silence=10.0, whole=180.0, tries=2)
"""Of all pages in one file."""

CHECK = Limits(connect=4.0, first_byte=8.0, silence=4.0, whole=9.5, size=1024 * 1024, tries=2, patient=False)
"""Of a check: it takes at most 10 s, and a 4xx is its answer (promise 21)."""
