"""Markdown as lines for a terminal: read into blocks, wrapped to a width, painted when it comes into sight.

Nothing here knows a widget. Blocks do not depend on one another, so that a text which grows is read again only
from its last block on, and cost is flat with length.
"""
