"""Does a preset work? Four lamps: host answers, key accepted, model listed, request works."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from enum import StrEnum

from mimo_tui.core import endpoints
from mimo_tui.core.catalogue import Catalogue, KeyKind, Surface, Wire
from mimo_tui.core.diagnosis import Asked, Diagnosis, Retry, diagnose, unlisted_model
from mimo_tui.core.endpoints import Endpoint, key_kind
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.preset import Preset, is_mimo, llm_of
from mimo_tui.core.secrets import Secret, redact, safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.verdict import Reading, read
from mimo_tui.services import Services
from mimo_tui.services.observing import note_call, note_lists
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.services.refusals import NothingSent
from mimo_tui.wire.allowed import NotAllowed, place_of
from mimo_tui.wire.models import ModelList, list_models
from mimo_tui.wire.smallest import ask_smallest


class Lamp(StrEnum):
    """What is tested, in this order; one rests on the one before."""

    HOST = "host answers"
    KEY = "key accepted"
    MODEL = "model listed"
    REQUEST = "request works"


class Light(StrEnum):
    """How a lamp shines. Unknown: it could not be tested, and the text says why."""

    GOOD = "yes"
    BAD = "no"
    UNKNOWN = "unknown"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class LampState:
    """One lamp, what it rests on, and what to do where it is not good."""

    lamp: Lamp
    light: Light
    says: Clean
    exchange: Exchange | None = None
    diagnosis: Diagnosis | None = None


class CannotTest(NothingSent):
    """Nothing was sent, and the sentence says why: the file is broken, there is no key, or no base URL."""


class KeyGoesElsewhere(CannotTest):
    """A key of MiMo would go to a host that is not MiMo's, and nobody has agreed to that. Nothing was sent."""

    def __init__(self, reference: Clean, host: Clean) -> None:
        super().__init__(
            f"{reference} names {host}, which is no host of MiMo's API that is known; its key would go there."
        )
        self.host = host


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a preset calls, with which key, for which model, and in which form its agents ask."""

    endpoint: Endpoint
    model: str
    key: Secret
    wire: Wire
    asked: Asked

    @property
    def url(self) -> str:
        """Give the URL that the preset's agents call."""
        return endpoints.request_url(self.endpoint.url, surface=self.endpoint.surface, wire=self.wire)

    @property
    def named(self) -> str:
        """Give the host that the preset names, with its port: its key may go there."""
        port = f":{self.endpoint.port}" if self.endpoint.port is not None else ""
        return f"{self.endpoint.host}{port}"


def target_of(services: Services, view: PresetView, *, agreed: bool = False) -> Target:
    """Give whom the preset calls. Raises CannotTest.

    KeyGoesElsewhere where a key of MiMo would leave for a host that is not MiMo's, unless the person `agreed`.
    """
    preset, endpoint = view.preset, view.endpoint
    if preset is None:
        raise CannotTest(f"{view.reference} cannot be tested: {view.error}.")
    if endpoint is None or not endpoint.host:
        raise CannotTest(f"{view.reference} names no host to ask; give it a base URL first.")
    if view.key is None:
        slot = f"its slot {clean(redact(preset.slot))} is empty" if preset.slot else "it names no slot"
        does = "`mimo-tui keys set` puts one in" if preset.slot else "`mimo-tui presets set` gives it one"
        raise CannotTest(f"{view.reference} has no key: {slot}. {does}.")
    if endpoint.surface is Surface.ANTHROPIC and endpoint.family is None:
        raise CannotTest(
            f"{view.reference} speaks the Anthropic form to a host that is not MiMo's; only MiMo's take the key so."
        )
    key = key_kind(view.key.secret, services.catalogue)
    # Whom it looks like depends neither on the provider that is written nor on the kind of the key.
    faults = endpoints.lint(
        endpoint.url, services.catalogue, provider=endpoints.MIMO, api_compat=preset.api_compat, key=None
    )
    if fault := next((fault for fault in faults if fault.code == "look-alike"), None):
        raise CannotTest(
            f"{view.reference} is not tested: {fault.message}, and {fault.because}. Mend the base URL first."
        )
    if not agreed and _is_elsewhere(services.catalogue, preset, endpoint, key):
        raise KeyGoesElsewhere(view.reference, safe(endpoint.host))
    wire_api = llm_of(preset.document).get("wire_api")
    wire = services.lingtai.wire(preset.provider, wire_api if isinstance(wire_api, str) else "")
    if endpoint.surface is Surface.ANTHROPIC:
        wire = Wire.MESSAGES
    secret = view.key.secret
    asked = Asked(endpoint, key, preset.model or "")
    return Target(endpoint, preset.model or "", secret, wire, asked)


def _is_elsewhere(catalogue: Catalogue, preset: Preset, endpoint: Endpoint, kind: KeyKind | None) -> bool:
    """Tell whether a key that is MiMo's, by the preset's provider or by its prefix, would go to an unknown host."""
    if endpoint.family is not None or not _leaves(endpoint.url):
        return False
    # Keys of other providers begin as those of pay-as-you-go do; those of a plan begin like no others.
    plans = {family.id for family in catalogue.families if family.plan}
    return is_mimo(preset) or (kind is not None and not plans.isdisjoint(kind.families))


def _leaves(url: str) -> bool:
    """Tell whether a request to that URL would leave this machine; to one that is never asked, none does."""
    try:
        return not place_of(url).is_local
    except NotAllowed:
        return False


async def light_lamps(
    services: Services, view: PresetView, *, request: bool = False, agreed: bool = False
) -> AsyncIterator[LampState]:
    """Give the four lamps as they are known. Only with `request` is a completion asked for, which costs tokens.

    Raises CannotTest before anything is sent; KeyGoesElsewhere is one unless the person has `agreed`.
    """
    target = target_of(services, view, agreed=agreed)
    listed = await list_models(services.client, target.endpoint.url, target.key, named=target.named)
    await note_lists(services, ((listed.exchange, listed.ids),))
    reading = read(listed.exchange, listed.ids)
    diagnosis = _diagnosis(services, target, listed.exchange)
    yield _host_lamp(listed, reading, diagnosis)
    yield _key_lamp(target, listed, reading, diagnosis)
    yield _model_lamp(services, target, listed)
    if not request:
        yield LampState(
            Lamp.REQUEST, Light.NOT_ASKED, clean("It costs a few tokens, so it is sent only on request.")
        )
    elif reading in (Reading.REFUSES, Reading.UNREACHABLE, Reading.NOT_ASKED):
        yield LampState(
            Lamp.REQUEST, Light.UNKNOWN, clean("Not sent, since the lamps before it are not good.")
        )
    else:
        yield await _request_lamp(services, target)


def _diagnosis(services: Services, target: Target, exchange: Exchange) -> Diagnosis | None:
    worked = services.client.has_accepted(target.endpoint.host, target.key)
    return diagnose(exchange, replace(target.asked, worked=worked), services.catalogue, services.now())


def _host_lamp(listed: ModelList, reading: Reading, diagnosis: Diagnosis | None) -> LampState:
    exchange = listed.exchange
    if reading is Reading.NOT_ASKED:
        return LampState(Lamp.HOST, Light.UNKNOWN, _says(diagnosis, "Nothing was sent."), exchange, diagnosis)
    if reading in (Reading.UNREACHABLE, Reading.NOT_THE_API):
        says = _says(diagnosis, f"{exchange.host} gave no answer of the API.")
        return LampState(Lamp.HOST, Light.BAD, says, exchange, diagnosis)
    milliseconds = round(exchange.seconds * 1000)
    return LampState(
        Lamp.HOST, Light.GOOD, clean(f"{exchange.host} answered in {milliseconds} ms."), exchange
    )


def _key_lamp(target: Target, listed: ModelList, reading: Reading, diagnosis: Diagnosis | None) -> LampState:
    exchange, family = listed.exchange, target.endpoint.family
    if reading is Reading.ACCEPTS and (family is None or not family.key_prefixes):
        says = f"{exchange.host} lists its models; whether it looks at the key for that is not known."
        return LampState(Lamp.KEY, Light.UNKNOWN, clean(says), exchange)
    if reading is Reading.ACCEPTS:
        return LampState(Lamp.KEY, Light.GOOD, clean(f"{exchange.host} takes the key."), exchange)
    if reading is Reading.REFUSES:
        says = _says(diagnosis, f"{exchange.host} refuses the key.")
        return LampState(Lamp.KEY, Light.BAD, says, exchange, diagnosis)
    if reading in (Reading.UNREACHABLE, Reading.NOT_THE_API, Reading.NOT_ASKED):
        return LampState(Lamp.KEY, Light.UNKNOWN, clean("The host did not say."))
    return LampState(Lamp.KEY, Light.UNKNOWN, _says(diagnosis, f"The host {reading}."), exchange, diagnosis)


def _model_lamp(services: Services, target: Target, listed: ModelList) -> LampState:
    model = clean(redact(target.model))
    if listed.ids is None:
        return LampState(Lamp.MODEL, Light.UNKNOWN, clean("The host gave no list of models."))
    if target.model in listed.ids:
        return LampState(Lamp.MODEL, Light.GOOD, clean(f"{model} is among its {len(listed.ids)} models."))
    diagnosis = unlisted_model(target.asked, services.catalogue, services.now())
    says = clean(f"{model or 'No model'} is not among its {len(listed.ids)} models. {diagnosis.says}")
    return LampState(Lamp.MODEL, Light.BAD, says, listed.exchange, diagnosis)


async def _request_lamp(services: Services, target: Target) -> LampState:
    exchange = await ask_smallest(
        services.client, target.url, target.wire, target.model, target.key, named=target.named
    )
    diagnosis = _diagnosis(services, target, exchange)
    await note_call(services, exchange, diagnosis, target.model, target.wire)
    if diagnosis is None:
        says = clean(f"{clean(redact(target.model))} answered in {exchange.seconds:.1f} s.")
        return LampState(Lamp.REQUEST, Light.GOOD, says, exchange)
    light = Light.UNKNOWN if diagnosis.retry is Retry.LATER else Light.BAD
    return LampState(Lamp.REQUEST, light, diagnosis.says, exchange, diagnosis)


def _says(diagnosis: Diagnosis | None, otherwise: str) -> Clean:
    return diagnosis.says if diagnosis is not None else clean(otherwise)
