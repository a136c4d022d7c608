"""How large a file may be that goes within a request, by the catalogue (`mimo-api.md` §8)."""

from collections.abc import Iterable

from mimo_tui.core.catalogue import Media


def data_url_head(media_type: str) -> str:
    """Give what stands in a data URL before the bytes."""
    return f"data:{media_type};base64,"


def largest_file(media: Media, media_type: str) -> int:
    """Give the most bytes that a file may have whose data URL is not longer than allowed."""
    return (media.base64_characters.value - len(data_url_head(media_type))) // 4 * 3


def endings(media: Iterable[Media]) -> str:
    """Name the formats that are taken, each by one ending: JPG, PNG."""
    names: dict[str, str] = {}
    for each in media:
        for ending, media_type in each.formats.value.items():
            names.setdefault(media_type, ending.upper())
    return ", ".join(names.values())
