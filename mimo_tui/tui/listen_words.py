"""What is said of a recording before it is sent: what it is, how loud, and what hearing it takes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from textual.content import Content

from mimo_tui.core.media.kinds import HEAD, format_of
from mimo_tui.core.media.sizes import size_text
from mimo_tui.core.meter import BETWEEN, cost_text
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.tui.listen_state import Recording, Weighed
from mimo_tui.tui.widgets.finding_text import MUTED, hanging
from mimo_tui.tui.widgets.take_text import clock_text

if TYPE_CHECKING:
    from mimo_tui.services.presets.listing import PresetView

_SHOWN_OF_TAKE: Final = 300
"""Characters of what was to be said that are shown above."""
_LINES_OF_WEIGHT: Final = 2


def recording_text(
    recording: Recording,
    weighed: Weighed | None,
    width: int,
    *,
    has_preset: bool = True,
    in_short: bool = False,
) -> Content:
    """Say what it is, what hearing it takes, and what one should know before it is sent.

    `in_short`: where there is little room, and it was sent already: only what it is.
    """
    take = recording.take
    first = Content.assemble(
        (
            recording.sample.name if take is None else f"take of {take.voice}" if take.voice else "a take",
            "bold",
        ),
        (f"{BETWEEN}SIMULATED" if take is not None and take.simulated else "", "bold"),
        BETWEEN,
        BETWEEN.join(_measures(recording)),
    )
    if in_short:
        return first.truncate(width, ellipsis=True)
    lines = [hanging(Content(""), first, width)]
    if take is not None:
        said = safe(take.preview or take.text)
        lines.append(Content.styled(f"“{said[:_SHOWN_OF_TAKE]}”", MUTED).truncate(width, ellipsis=True))
    lines.append(_weight(weight_text(weighed, has_preset=has_preset), width))
    lines += [
        hanging(Content.styled("! ", "$text-warning"), Content(each), width)
        for each in recording.sample.warnings
    ]
    if weighed is not None and weighed.problem:
        lines.append(hanging(Content.styled("✗ ", "$text-error"), Content(weighed.problem), width))
    return Content("\n").join(lines)


def _weight(text: Clean, width: int) -> Content:
    """Give it in two lines at most: of where the price stands, the end may go."""
    lines = Content(text).wrap(width)
    if len(lines) > _LINES_OF_WEIGHT:
        kept = lines[_LINES_OF_WEIGHT - 1]
        lines = [*lines[: _LINES_OF_WEIGHT - 1], Content(f"{kept.plain[: width - 2].rstrip()} …")]
    return Content("\n").join(lines)


def weight_text(weighed: Weighed | None, *, has_preset: bool = True) -> Clean:
    """Say how many requests it takes and what they cost at least, and by which price."""
    if not has_preset:
        return clean("f3 chooses a preset, which says what hearing it costs.")
    if weighed is None:
        return clean("weighing what it takes …")
    parts = "1 request" if weighed.parts == 1 else f"{weighed.parts} requests, cut at quiet places"
    if weighed.cost is None:
        return clean(f"{parts}{BETWEEN}at a price that is not known")
    # What is charged is told only afterwards, and may be rounded up: by its length it is the least.
    least = f"at least {cost_text(weighed.cost)}"
    return clean(f"{parts}{BETWEEN}{least} ({weighed.rate})" if weighed.rate else f"{parts}{BETWEEN}{least}")


def _measures(recording: Recording) -> Iterator[str]:
    sample = recording.sample
    form = format_of(sample.data[:HEAD])
    yield form.upper() if form is not None else sample.media_type
    yield clock_text(sample.seconds)
    yield size_text(sample.size)
    if sample.peak is not None and sample.level is not None:
        yield f"level {sample.level:.0f} dB, peak {sample.peak:.0f} dB"
    if sample.rate is not None:
        yield f"{sample.rate / 1000:g} kHz"
    if sample.channels is not None:
        yield (
            "mono"
            if sample.channels == 1
            else "stereo"
            if sample.channels == 2
            else f"{sample.channels} channels"
        )


def invitation(view: "PresetView | None", *, has_recording: bool, is_named: bool = False) -> Content:
    """Say what one can do here, and what it costs. `is_named`: something stands in the path, read or not."""
    begin = "Paste or drop a recording above (WAV or MP3): what it is stands there before anything is sent."
    if view is not None and view.key is None:
        begin = (
            "This preset has no key, so that nothing can be asked: f8 goes to the keys, f3 to other presets."
        )
    elif has_recording:
        begin = "f5 has it heard, and so does enter in the path. Nothing was sent yet."
    elif is_named:
        begin = "enter in the path reads what is named there, and sends nothing."
    return Content("\n").join(
        [
            Content.styled(begin, "bold"),
            Content(""),
            Content(
                "It goes to the model with the key of the preset, and nowhere else; it costs by its length."
            ),
            Content(""),
            Content.styled(
                "ctrl+t takes one of the takes, and holds what is heard against what it says.", MUTED
            ),
            Content.styled(
                "f2 names the language; f3 chooses the preset, ctrl+g the model; f1 lists all keys.", MUTED
            ),
            Content.styled("What is heard stays here while the program runs; only ctrl+s writes it.", MUTED),
        ]
    )
