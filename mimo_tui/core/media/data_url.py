"""An attachment as the text that goes into a request."""

from base64 import b64encode
from typing import Final

from mimo_tui.core.conversation import Attachment
from mimo_tui.core.media.limits import data_url_head

_AT_ONCE: Final = 3 << 18
"""Bytes encoded in one go, a multiple of three: encoding gives way to no other thread, and 30 MB take long."""


class NoData(ValueError):
    """The bytes of an attachment are not here. The sentence names it."""


def data_url(attachment: Attachment) -> str:
    """Give the URL of an attachment, or the bytes as one (`mimo-api.md` §8). Slow: call it in a thread.

    Raises NoData where it names a file whose bytes are not here, as that of a conversation that was kept.
    """
    if attachment.is_url:
        return attachment.location
    if attachment.data is None:
        raise NoData(f"{attachment.name} is not here any more: attach it again.")
    return url_of(attachment.media_type, attachment.data)


def url_of(media_type: str, data: bytes) -> str:
    """Give the bytes as a data URL of that MIME type. Slow: call it in a thread."""
    view = memoryview(data)
    parts = (b64encode(view[at : at + _AT_ONCE]).decode("ascii") for at in range(0, len(data), _AT_ONCE))
    return "".join((data_url_head(media_type), *parts))
