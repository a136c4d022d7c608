"""`mimo-tui simulate`: the simulated platform, served for other people's clients."""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mimo_tui.cli import output
from mimo_tui.cli.demo import NoDrift, catalogue_with, planted, site_with
from mimo_tui.cli.errors import ExitCode, say
from mimo_tui.cli.shapes import SCHEMA
from mimo_tui.core.catalogue import Catalogue, Family, Host, Surface
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import safe

if TYPE_CHECKING:
    from mimo_tui.simulator.call import Account
    from mimo_tui.simulator.server import Served

_FORMS = {Surface.OPENAI: "OpenAI form", Surface.ANTHROPIC: "Anthropic form"}


def simulate(arguments: argparse.Namespace) -> ExitCode:
    """Serve until the person presses ctrl+c."""
    output.prepare()
    if arguments.offline:
        return _failed(arguments, "simulate serves a port, which --offline rules out.", ExitCode.USAGE)
    from mimo_tui.simulator.platform import Platform
    from mimo_tui.simulator.server import CannotServe, serve

    try:
        site, drift = site_with(arguments.drift), planted(arguments.drift)
        known = catalogue_with(arguments.drift)
    except NoDrift as error:
        return _failed(arguments, str(error), ExitCode.USAGE)
    try:
        with serve(Platform(known, at=arguments.at, site=site), port=arguments.port) as served:
            if arguments.json:
                output.write_document(_document(served, drift))
            else:
                output.write_lines(_lines(served, drift))
            sys.stdout.flush()
            _wait()
    except CannotServe as error:
        return _failed(arguments, str(error), ExitCode.FAILED)
    except KeyboardInterrupt:
        say("Stopped: the simulated platform is gone.")
    except BrokenPipeError:
        from mimo_tui.cli.errors import reader_left

        return reader_left()
    return ExitCode.DONE


def _wait() -> None:
    while True:
        time.sleep(3600)


def _failed(arguments: argparse.Namespace, words: str, code: ExitCode) -> ExitCode:
    say(words)
    if arguments.json:
        error: Json = {"code": int(code), "message": safe(words), "candidates": []}
        output.write_document({"schema": SCHEMA, "error": error})
    return code


def _hosts(catalogue: Catalogue, accounts: tuple["Account", ...]) -> Iterator[tuple[Family, Host]]:
    """Give the hosts that somebody has an account on."""
    for family in catalogue.families:
        for host in family.hosts:
            if family.realtime and any(host.name in account.hosts for account in accounts):
                yield family, host


def _base(served: "Served", family: Family, host: Host, surface: Surface) -> str | None:
    base = family.base(host, surface)
    return None if base is None else _here(served, base)


def _here(served: "Served", url: str) -> str:
    """Give the address of this machine that stands for an address of the platform."""
    return f"{served.origin}/{url.removeprefix('https://')}"


def _lines(served: "Served", drift: Mapping[str, str]) -> Iterator[str]:
    from mimo_tui.simulator.accounts import REVOKED
    from mimo_tui.simulator.control import ROOT
    from mimo_tui.simulator.reply import STEERING

    platform = served.platform
    catalogue, accounts = platform.catalogue, platform.accounts
    yield "SIMULATED: this plays Xiaomi MiMo's platform on this machine. No key of yours is needed or kept."
    yield f"Its time is {platform.now():%Y-%m-%d %H:%M %Z}. ctrl+c ends it."
    if drift:
        yield ""
        yield "It contradicts what is known of MiMo"
        yield from (f"  {name:<30} {says}" for name, says in drift.items())
    hosts = tuple(_hosts(catalogue, accounts))
    for family, host in hosts:
        yield ""
        yield f"{family.title} {host.cluster}".rstrip()
        for surface, title in _FORMS.items():
            base = _base(served, family, host, surface)
            if base is not None:
                yield f"  {title:<15} {base}"
    yield ""
    yield "Keys"
    for account in accounts:
        yield f"  {account.key:<30} {account.title}"
    yield f"  {REVOKED:<30} revoked: no host takes it"
    yield ""
    yield "Words in a prompt, and what then comes"
    for words, meaning in STEERING:
        yield f"  {words:<30} {meaning}"
    yield ""
    yield f"Docs    {_here(served, catalogue.doc_indexes[0].url)}"
    yield f"Faults  send the header x-simulate: status=429*2, or see {served.origin}{ROOT}"
    yield ""
    family, host = hosts[0]
    key = next(account.key for account in accounts if host.name in account.hosts)
    yield f"curl {_base(served, family, host, Surface.OPENAI)}/models \\"
    yield f'  -H "Authorization: Bearer {key}"'


def _document(served: "Served", drift: Mapping[str, str]) -> dict[str, Json]:
    from mimo_tui.simulator.accounts import revoked
    from mimo_tui.simulator.control import ROOT

    platform = served.platform
    hosts: list[Json] = [
        {
            "host": host.name,
            "family": family.id,
            "cluster": host.cluster,
            "openai": _base(served, family, host, Surface.OPENAI),
            "anthropic": _base(served, family, host, Surface.ANTHROPIC),
        }
        for family, host in _hosts(platform.catalogue, platform.accounts)
    ]
    keys: list[Json] = [
        {
            "key": account.key,
            "title": account.title,
            "hosts": [*sorted(account.hosts)],
            "fault": account.fault,
        }
        for account in platform.accounts
    ]
    keys += [
        {"key": key, "title": "revoked: no host takes it", "hosts": [], "fault": ""} for key in revoked()
    ]
    return {
        "schema": SCHEMA,
        "simulated": True,
        "origin": served.origin,
        "at": platform.now().isoformat(),
        "hosts": hosts,
        "keys": keys,
        "drift": [{"name": name, "says": says} for name, says in drift.items()],
        "docs": _here(served, platform.catalogue.doc_indexes[0].url),
        "control": f"{served.origin}{ROOT}",
    }
