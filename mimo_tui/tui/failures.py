"""What a person is told when a worker fails: never nothing, and never a traceback full of their files."""

from textual.app import App
from textual.worker import Worker, WorkerState

from mimo_tui.core.secrets import redact
from mimo_tui.core.text import clean


def tell_failure(app: App[None], event: Worker.StateChanged) -> None:
    """Show the error of a worker that failed; other news of workers is no news."""
    if event.state is not WorkerState.ERROR:
        return
    error = event.worker.error
    text = clean(redact(f"{type(error).__name__}: {error}"))
    app.notify(
        text, title="This went wrong in the program itself", severity="error", timeout=30, markup=False
    )
