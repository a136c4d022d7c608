"""The models that are known, with their state today and where that is known from."""

from dataclasses import dataclass

from mimo_tui.core.catalogue import Model, ModelKind, Status
from mimo_tui.core.secrets import safe
from mimo_tui.services import Services

_ORDER = (Status.CURRENT, Status.RETIRING, Status.DISPUTED, Status.UNKNOWN, Status.RETIRED)


class NoModel(Exception):
    """No model of that id is known. `close` are the ids that may be meant."""

    def __init__(self, model_id: str, close: tuple[str, ...]) -> None:
        hint = f" Did you mean {' or '.join(close)}?" if close else " `mimo-tui models` lists them."
        super().__init__(f"No model {safe(model_id)} is known.{hint}")
        self.close = close


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


def find_model(services: Services, model_id: str) -> ModelView:
    """Give the model of that id. Raises NoModel."""
    catalogue = services.catalogue
    model = catalogue.model(model_id)
    if model is None:
        raise NoModel(model_id, catalogue.suggest(model_id))
    return ModelView(model, catalogue.status(model.id, services.now()))
