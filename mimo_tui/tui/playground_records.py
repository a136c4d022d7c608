"""What the playground keeps and finds again, called so that nothing on the screen waits for the disk."""

import asyncio

from textual.app import App

from mimo_tui.core.conversation import Conversation
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.playground.prompts import recent_prompts
from mimo_tui.store.sessions import NoRecord, RecordsProblem
from mimo_tui.tui.screens.talking import SHORTLY


async def keep_head(app: App[None], services: Services, conversation: Conversation) -> None:
    """Keep where a conversation stands; one that is not kept stays so."""
    if conversation.id:
        try:
            await asyncio.to_thread(services.sessions.set_head, conversation.id, conversation.head)
        except NoRecord:
            return  # that it was deleted is told with what is said next, which begins a new one
        except RecordsProblem as problem:
            _tell(app, problem)


async def prompts_before(app: App[None], services: Services) -> tuple[str, ...]:
    """Give what was written in earlier runs, the newest first; nothing where nothing is kept."""
    try:
        return await asyncio.to_thread(recent_prompts, services)
    except RecordsProblem as problem:
        _tell(app, problem)
        return ()


def _tell(app: App[None], problem: RecordsProblem) -> None:
    app.notify(clean(str(problem)), title="Records", severity="warning", timeout=SHORTLY, markup=False)
