"""What an answer took, as the service counts it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of an answer (`mimo-api.md` §7.1, §10). None: not told.

    `prompt` holds the cached ones and those of images, sound and films; `completion` those of reasoning. `searches`
    and `pages` are of the web search, `seconds` of the sound that was recognised (§9.5).
    """

    prompt: int | None = None
    completion: int | None = None
    total: int | None = None
    cached: int | None = None
    reasoning: int | None = None
    image: int | None = None
    audio: int | None = None
    video: int | None = None
    searches: int | None = None
    pages: int | None = None
    seconds: float | None = None
