"""What is played: samples that may still come while it plays."""

from threading import Lock

from mimo_tui.core.speech.samples import WIDTH


class Track:
    """Samples of 16 bits, little-endian, mono, at `rate` a second. Any thread may feed it while another plays it."""

    def __init__(self, rate: int, samples: bytes = b"", *, is_ended: bool = False) -> None:
        if rate < 1:
            raise ValueError("a track needs a rate in samples a second")
        self.rate = rate
        self._samples = bytearray()
        self._is_ended = False
        self._lock = Lock()
        self.feed(samples)
        self._is_ended = is_ended

    def feed(self, samples: bytes) -> None:
        """Add samples to the end, whole ones only. Raises ValueError for half a sample, or after the end."""
        if len(samples) % WIDTH:
            raise ValueError("half a sample cannot be played: hold the odd byte back")
        with self._lock:
            if self._is_ended:
                raise ValueError("the track has ended")
            self._samples += samples

    def end(self) -> None:
        """Say that no more samples come."""
        self._is_ended = True

    @property
    def is_ended(self) -> bool:
        """Tell whether all of it is there."""
        return self._is_ended

    @property
    def length(self) -> int:
        """Give how many samples are there."""
        return len(self._samples) // WIDTH

    @property
    def seconds(self) -> float:
        """Give the length of what is there."""
        return self.length / self.rate

    def read(self, at: int, most: int) -> bytes:
        """Give at most so many samples from the sample `at` on; nothing where no more are there."""
        with self._lock:
            return bytes(self._samples[at * WIDTH : (at + most) * WIDTH])
