"""List the presets: each file as a row, with its endpoint, its key and what is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from mimo_tui.core import endpoints
from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.endpoints import Endpoint
from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.preset import Preset, Source, llm_of
from mimo_tui.core.rules import Context, Subject, check
from mimo_tui.core.secrets import Secret, looks_like_a_key, redact, safe
from mimo_tui.core.slots import Key, Reader, Slots, Use, key_of
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.presets.reading import PresetFile, Reading, preset_file, read_presets
from mimo_tui.store import envfile
from mimo_tui.store.agents import Agent, agents, users_of
from mimo_tui.store.configuration import Configuration, configuration
from mimo_tui.store.envfile import EnvState
from mimo_tui.store.library import Entry


@dataclass(frozen=True, slots=True)
class PresetView:
    """One preset as screens and commands show it: its file, judged. `error` says why a broken one cannot be read.

    `request_url` is where a chat completion goes, `agent_url` what Lingtai's kernel calls: for some providers that is
    another form of request. `key` is what the kernel finds at boot.
    """

    file: PresetFile
    endpoint: Endpoint | None = None
    request_url: Clean | None = None
    agent_url: Clean | None = None
    key: Key | None = None
    findings: tuple[Finding, ...] = ()
    agents: tuple[Agent, ...] = ()
    error: Clean | None = None

    @property
    def entry(self) -> Entry:
        """Give the file as it was read."""
        return self.file.entry

    @property
    def preset(self) -> Preset | None:
        """Give what stands in the file; None where it is broken."""
        return self.file.preset

    @property
    def reference(self) -> Clean:
        """Give the name that is certain: `saved/mimo-1.json`."""
        return self.file.reference

    @property
    def name(self) -> Clean:
        """Give the name inside the file."""
        return self.file.name

    @property
    def source(self) -> Source:
        """Give the place that the file lies in."""
        return self.entry.source

    def count(self, severity: Severity) -> int:
        """Give how many findings are of that severity."""
        return sum(finding.severity is severity for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Listing:
    """All presets, MiMo's first, and what is wrong with the files around them. `context` judges further changes."""

    presets: tuple[PresetView, ...]
    findings: tuple[Finding, ...]
    context: Context
    agents: tuple[Agent, ...] = ()


class NotFound(LookupError):
    """No preset goes by that name. `close` are names that look like it."""

    def __init__(self, name: str, close: tuple[Clean, ...]) -> None:
        hint = f" Did you mean {' or '.join(close)}?" if close else " `mimo-tui presets list` shows them all."
        super().__init__(f"No preset is called “{safe(name)}”.{hint}")
        self.name = name
        self.close = close


class Ambiguous(LookupError):
    """Several presets go by that name; the person must say which."""

    def __init__(self, name: str, candidates: tuple[PresetView, ...]) -> None:
        listed = ", ".join(candidate.reference for candidate in candidates)
        super().__init__(f"{len(candidates)} presets are called “{safe(name)}”. Say which: {listed}.")
        self.name = name
        self.candidates = candidates


def list_presets(services: Services, reading: Reading | None = None) -> Listing:
    """Read the library, `.env`, `config.json` and the agents, and judge every preset. Writes nothing.

    `reading` is the library where it has been read already.
    """
    reading = reading or read_presets(services.places)
    known_agents = agents(services.places)
    env = envfile.read(services.places.env_file)
    mirror = configuration(services.places.config_file)
    pairs = tuple(zip(reading.files, _endpoints(reading.files, services.catalogue), strict=True))
    context = Context(
        services.catalogue, services.lingtai, _slots(services, env, mirror, pairs), services.now()
    )
    presets = tuple(_judged(file, endpoint, context, known_agents) for file, endpoint in pairs)
    return Listing(presets, _around(services, reading, env, mirror), context, known_agents)


def judge(entry: Entry, context: Context, known_agents: Iterable[Agent] = ()) -> PresetView:
    """Give the view of one file, with its findings."""
    file = preset_file(entry)
    return _judged(file, _endpoint(file.preset, context.catalogue), context, known_agents)


def _judged(
    file: PresetFile, endpoint: Endpoint | None, context: Context, known_agents: Iterable[Agent]
) -> PresetView:
    entry, preset = file.entry, file.preset
    users = users_of(entry.path, known_agents)
    if preset is None:
        reason = entry.error.reason if entry.error else clean("no preset")
        return PresetView(file, findings=(_unreadable(entry, reason),), agents=users, error=reason)
    key = key_of(preset, context.slots)
    mode = entry.content.stamp.mode if entry.content else 0
    findings = check(Subject(preset, entry.source, entry.stem, mode, endpoint, key, file.reference), context)
    request_url, agent_url = _request_urls(preset, endpoint, context)
    return PresetView(file, endpoint, request_url, agent_url, key, _without_keys(entry, findings), users)


def _request_urls(
    preset: Preset, endpoint: Endpoint | None, context: Context
) -> tuple[Clean | None, Clean | None]:
    if endpoint is None:
        return None, None
    wire_api = llm_of(preset.document).get("wire_api")
    wire = context.lingtai.wire(preset.provider, wire_api if isinstance(wire_api, str) else "")
    direct = endpoints.request_url(endpoint.url, surface=endpoint.surface)
    by_agent = endpoints.request_url(endpoint.url, surface=endpoint.surface, wire=wire)
    return clean(redact(direct)), clean(redact(by_agent))


def find(listing: Listing, name: str) -> PresetView:
    """Give the preset that a person means by `name`: its name, its file's, `saved/…`, or a path.

    Where a saved preset and a template share a name, Lingtai takes the saved one, and so do we
    (`lingtai-presets.md` §1.3). Raises NotFound, or Ambiguous with the candidates: ask, don't guess.
    """
    exact = [preset for preset in listing.presets if name in _exact_names(preset)]
    if len(exact) == 1:
        return exact[0]
    named = exact or [
        preset for preset in listing.presets if name and name in (preset.name, preset.entry.stem)
    ]
    if not named:
        raise NotFound(name, _close(listing, name))
    if len(named) == 1:
        return named[0]
    lingtais = [
        preset
        for preset in named
        if preset.source is Source.SAVED and preset.entry.stem == name and preset.name == name
    ]
    saved = [preset for preset in named if preset.source is Source.SAVED]
    if len(lingtais) == 1 and len(saved) == 1:
        return lingtais[0]
    raise Ambiguous(name, tuple(named))


def _exact_names(preset: PresetView) -> tuple[str, ...]:
    reference, path = preset.reference, preset.entry.path
    singular = reference.replace("templates/", "template/", 1)
    return (
        reference,
        reference.removesuffix(".json"),
        singular,
        singular.removesuffix(".json"),
        str(path),
        path.name,
    )


def _close(listing: Listing, name: str) -> tuple[Clean, ...]:
    from difflib import get_close_matches

    names = sorted({preset.name for preset in listing.presets if preset.name})
    return tuple(clean(match) for match in get_close_matches(name, names, n=3, cutoff=0.6))


def _without_keys(entry: Entry, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Mask what looks like a key in what is said: a person may have pasted one into any field."""
    if entry.document is None or not looks_like_a_key(entry.document.text):
        return findings
    return tuple(
        replace(
            found,
            message=redact(found.message),
            because=redact(found.because),
            fixes=tuple(replace(fix, title=redact(fix.title)) for fix in found.fixes),
        )
        for found in findings
    )


def _endpoint(preset: Preset | None, catalogue: Catalogue) -> Endpoint | None:
    if preset is None or not preset.base_url:
        return None
    return endpoints.read(preset.base_url, catalogue, provider=preset.provider, api_compat=preset.api_compat)


def _endpoints(files: Iterable[PresetFile], catalogue: Catalogue) -> list[Endpoint | None]:
    """Give the endpoint of each preset; a URL that many presets share is read once."""
    known: dict[tuple[str | None, str, str], Endpoint | None] = {}
    found: list[Endpoint | None] = []
    for file in files:
        preset = file.preset
        key = (preset.base_url, preset.provider, preset.api_compat) if preset else (None, "", "")
        if key not in known:
            known[key] = _endpoint(preset, catalogue)
        found.append(known[key])
    return found


def _slots(
    services: Services,
    env: envfile.EnvFile,
    mirror: Configuration,
    presets: Iterable[tuple[PresetFile, Endpoint | None]],
) -> Slots:
    uses: dict[str, list[Use]] = {}
    for file, endpoint in presets:
        entry, preset = file.entry, file.preset
        if preset is None or not preset.slot:
            continue
        # A template names the provider's default slot; that it shares it with a preset is no clash.
        known = endpoint.family if endpoint is not None and entry.source is not Source.TEMPLATE else None
        family = known.id if known is not None else ""
        uses.setdefault(preset.slot, []).append(Use(clean(preset.name or entry.stem), family, file.reference))
    parsed = envfile.parse(env.text)
    differing = envfile.disagreements(parsed)
    names = frozenset(envfile.names(parsed)) | mirror.keys.keys()
    return Slots(
        env_file={reader: envfile.values(parsed, reader) for reader in Reader},
        process={
            name: Secret(value)
            for name, value in services.environment.items()
            if name in uses or name in names
        },
        config=mirror.keys,
        disagreements={found.name: clean(found.reason) for found in differing},
        lines={found.name: found.lines for found in differing},
        uses={name: tuple(found) for name, found in uses.items()},
        names=names | {name for name in services.environment if name.endswith("_API_KEY")},
    )


def _unreadable(entry: Entry, reason: Clean) -> Finding:
    error = entry.error
    screen = error is not None and error.screen_reads
    kernel = error is not None and error.kernel_reads
    if screen == kernel:
        who = f"Lingtai's screen and its kernel {'read' if screen else 'cannot read'} it"
    else:
        garbled = " with � for each bad byte" if error is not None and error.garbled else ""
        who = (
            f"Lingtai's screen {'reads' if screen else 'cannot read'} it{garbled}, "
            f"its kernel {'reads it' if kernel else 'cannot'}"
        )
    return Finding(
        "unreadable", Severity.ERROR, (), reason, f"{who}; we save nothing over it (lingtai-presets.md §2.1)"
    )


def _around(
    services: Services, reading: Reading, env: envfile.EnvFile, mirror: Configuration
) -> tuple[Finding, ...]:
    """What is wrong with the files around the presets: loose modes, a broken mirror, folders that do not open."""
    findings = [Finding("folder-unreadable", Severity.ERROR, (), problem, "") for problem in reading.problems]
    unreadable = env.problem if env.state not in (EnvState.PRESENT, EnvState.MISSING) else ""
    findings += [
        Finding("keys-unreadable", Severity.ERROR, (), clean(problem), "keys in it cannot be seen")
        for problem in (unreadable, mirror.problem)
        if problem
    ]
    places = services.places
    for path, mode in (
        (places.env_file, env.mode),
        (places.config_file, mirror.mode if mirror.keys or mirror.problem else None),
        (places.history, _mode(places.history)),
    ):
        if mode is not None and mode & 0o077:
            message = clean(
                f"{path.name} holds keys and others on this machine can read it (mode {mode & 0o777:04o})"
            )
            because = "keys are for their owner only; chmod go-rwx ends it (lingtai-presets.md §1.1)"
            findings.append(Finding("loose-mode", Severity.WARNING, (), message, because))
    return tuple(findings)


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode & 0o7777
    except OSError:
        return None
