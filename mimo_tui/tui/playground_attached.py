"""What goes with the next prompt, as it is shown: measured, weighed, with what is wrong for the model it goes to."""

import asyncio
from collections.abc import Mapping

from mimo_tui.core.catalogue import Catalogue, Surface
from mimo_tui.core.conversation import Attachment
from mimo_tui.core.ledger import cost_of
from mimo_tui.core.model import Modality
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.usage import Usage
from mimo_tui.services.playground.attaching import warnings_of
from mimo_tui.tui.doc_fetch import megabytes
from mimo_tui.tui.widgets.attachments_row import PICTURE_COLUMNS, PICTURE_ROWS, Picture, ShownAttachment
from mimo_tui.tui.widgets.meter_text import cost_text


def shown_attachment(
    attachment: Attachment,
    catalogue: Catalogue,
    *,
    surface: Surface,
    model: str,
    currency: str,
    pictures: Mapping[str, Picture],
    remarks: tuple[Clean, ...] = (),
) -> ShownAttachment:
    """Give it as it is shown before it goes to that model.

    `pictures` are those that were made, by digest; `remarks` what was seen when it was read.
    """
    return ShownAttachment(
        clean(f"{attachment.modality} {attachment.name}"),
        clean(" · ".join(_about(attachment, catalogue, model, currency))),
        (*remarks, *warnings_of(catalogue, attachment, surface=surface, model=model)),
        pictures.get(attachment.digest, ()),
    )


async def picture_of(attachment: Attachment) -> Picture:
    """Give an image small enough to be shown in cells; empty: it cannot be shown."""
    if attachment.modality is not Modality.IMAGE or attachment.data is None:
        return ()
    return await asyncio.to_thread(_picture, attachment.data)


def _picture(data: bytes) -> Picture:
    from mimo_tui.services.playground.thumbnails import NoThumbnail, thumbnail

    try:
        rows = thumbnail(data, PICTURE_COLUMNS, PICTURE_ROWS)
    except NoThumbnail:
        # There is a name, and what it is: a picture is not needed to send it.
        return ()
    return tuple(tuple((cell.upper, cell.lower) for cell in row) for row in rows)


def _about(attachment: Attachment, catalogue: Catalogue, model: str, currency: str) -> list[str]:
    parts: list[str] = []
    if attachment.width and attachment.height:
        parts.append(f"{attachment.width}×{attachment.height}")
    if attachment.seconds is not None:
        parts.append(f"{attachment.seconds:,.1f} s")
    if attachment.size is not None:
        parts.append(megabytes(attachment.size))
    if attachment.is_url:
        parts.append("the service fetches it")
    if attachment.tokens is None:
        parts.append("its cost cannot be told")
        return parts
    parts.append(f"about {attachment.tokens:,} tokens")
    known = catalogue.model(model)
    usage = Usage(prompt=attachment.tokens, completion=0, cached=0)
    cost = cost_of(usage, known, currency=currency) if known is not None else None
    if cost is not None:
        parts.append(f"about {cost_text(cost)}")
    return parts
