"""The moment from which a screen may do work that would have held up the first frame."""

from textual.message import Message


class FirstFrame(Message, bubble=False):
    """The first frame is painted."""
