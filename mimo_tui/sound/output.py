"""Where samples go to be heard. One thread works it; it never waits for what plays."""

from typing import Protocol


class Output(Protocol):
    """Plays one run of samples at a time. Everything may raise Lost: then it is closed and made anew."""

    @property
    def lead(self) -> float:
        """Give the seconds that it may be given ahead of what is heard."""

    @property
    def gathers(self) -> bool:
        """Tell whether nothing is heard before all is there."""

    def begin(self, rate: int) -> None:
        """Begin a run: what was given before and has not been heard is dropped."""

    def offer(self, samples: bytes) -> int:
        """Give how many bytes of whole samples it took, 0 where it has enough."""

    def finish(self) -> None:
        """Say that the run has no more samples."""

    def heard(self) -> int:
        """Give how many samples of the run have been heard."""

    def is_done(self) -> bool:
        """Tell whether the run is finished and all of it was heard."""

    def silence(self) -> None:
        """Fall silent at once."""

    def close(self) -> None:
        """End what plays. Never raises."""
