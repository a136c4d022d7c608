"""The models that are known, with their state today and where that is known from."""

from dataclasses import dataclass

from mimo_tui.core.catalogue import Model, ModelKind, Status
from mimo_tui.services import Services

_ORDER = (Status.CURRENT, Status.RETIRING, Status.DISPUTED, Status.UNKNOWN, Status.RETIRED)


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model and its state at the time of asking."""

    model: Model
    status: Status

    @property
    def is_chat(self) -> bool:
        """Whether a preset can run on it."""
        return self.model.kind.value is ModelKind.CHAT


def list_models(services: Services) -> tuple[ModelView, ...]:
    """Give every model of the catalogue, the current ones first."""
    at = services.now()
    views = [ModelView(model, services.catalogue.status(model.id, at)) for model in services.catalogue.models]
    return tuple(sorted(views, key=lambda view: _ORDER.index(view.status)))
