"""Days and times as pages write them; Beijing time where they name no other (`mimo-api.md` §5.2)."""

import re
from datetime import datetime, timedelta, timezone

from mimo_tui.core.docs.readers.words import plain
from mimo_tui.core.facts import BEIJING

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAYS = (
    re.compile(
        r"(?<!\d)(?P<year>20\d\d)\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})(?!\d)\s?日?"
    ),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH},?\s(?P<year>20\d\d)(?!\d)"),
    re.compile(rf"\b{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>20\d\d)(?!\d)"),
)
_TIME = re.compile(
    r"^\s?(?:,|t|at|on|\(|上午|早上)?\s?(?P<hour>\d{1,2})\s?(?::|时|点)\s?(?P<minute>\d{2})?(?!\d)(?::\d\d)?分?"
    r"\s?(?P<half>am|pm)?(?![a-y])"
)
_ZONE = re.compile(
    r"(?:utc|gmt)\s?(?P<hours>[+-]\s?\d{1,2})?(?::?00)?(?![\d:])|(?<=\d)z\b|^(?P<offset>\+\d{2}):?00\b"
)
_WORD = re.compile(r"[a-z]+|[^\W\da-z_]")
_BESIDE = frozenset((
    *("t", "z", "at", "on", "the", "of", "st", "nd", "rd", "th", "am", "pm", "utc", "gmt", "beijing", "time"),
    *"年月日时点分上午早北京间起",
))  # fmt: skip
_NAMED = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*")
_UNTIL = re.compile(r"\s?(?:-|to|至|到)\s?\d")


def moments(text: str, zone: timezone = BEIJING) -> list[datetime]:
    """Give the moments that a text names, in Beijing time; 00:00 where it names the day only."""
    flat = plain(text)
    places = sorted(
        {match.span(): match for form in _DAYS for match in form.finditer(flat)}.items(),
        key=lambda one: one[0],
    )
    found = (_moment(match, flat[match.end() : match.end() + 40], zone) for _, match in places)
    return [one for one in found if one is not None]


def moment(cell: str, zone: timezone = BEIJING) -> datetime | None:
    """Give the one moment that a cell names; None: none, several, one struck through, or one with other words."""
    found = moments(cell, zone)
    return found[0] if len(found) == 1 and "~~" not in cell and is_bare(cell) else None


def is_bare(text: str) -> bool:
    """Tell whether a text has no words but those of a moment: any other may move it ("not before", another zone)."""
    return all(word in _BESIDE or _NAMED.fullmatch(word) for word in _WORD.findall(plain(text)))


def zone_of(text: str) -> timezone | None:
    """Give the time zone that a text names, None: none."""
    flat = plain(text)
    if "beijing" in flat or "北京" in flat:
        return BEIJING
    return _zone(flat)


def _zone(flat: str) -> timezone | None:
    named = _ZONE.search(flat)
    if named is None:
        return None
    hours = int((named["hours"] or named["offset"] or "0").replace(" ", ""))
    return timezone(timedelta(hours=hours)) if abs(hours) < 15 else None


def _moment(match: re.Match[str], after: str, zone: timezone) -> datetime | None:
    month = match["month"]
    number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
    try:
        midnight = datetime(int(match["year"]), number, int(match["day"]), tzinfo=BEIJING)
    except ValueError:
        return None
    time = _TIME.match(after)
    if time is None:
        return midnight
    hour, minute = int(time["hour"]), int(time["minute"] or 0)
    if time["half"]:
        hour = hour % 12 + (12 if time["half"] == "pm" else 0)
    rest = after[time.end() :]
    if hour > 24 or minute > 59 or _UNTIL.match(rest):
        return None
    own = _zone(after[time.end() - 1 : time.end() + 20]) or _zone(rest) or zone
    return (midnight.replace(tzinfo=own) + timedelta(hours=hour, minutes=minute)).astimezone(BEIJING)
