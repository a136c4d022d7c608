"""The endpoint: the base URL, its host, and whether the host takes the key (`mimo-api.md` §3)."""

from collections.abc import Iterator

from mimo_tui.core import preset as at
from mimo_tui.core.endpoints import Fit, host_takes, key_kind, lint
from mimo_tui.core.findings import Finding, Fix, Severity
from mimo_tui.core.json_text import Set
from mimo_tui.core.preset import is_mimo
from mimo_tui.core.rules.subject import Context, Rule, Subject
from mimo_tui.core.text import clean

MIX = "keys are bound to the hosts of their kind, and mixing them answers 401 invalid_key (mimo-api.md §3.1, §12)"
REQUIRED = "Lingtai's screen refuses to save this provider without a base URL (lingtai-presets.md §2)"


def base_url(subject: Subject, context: Context) -> Iterator[Finding]:
    preset = subject.preset
    if not preset.base_url:
        if preset.provider.lower() in context.lingtai.base_url_required:
            message = "no base URL is set"
            because = f"{REQUIRED}; Lingtai's kernel would call the OpenAI SDK's default host"
            yield Finding(
                "base-url-missing",
                Severity.ERROR,
                at.BASE_URL,
                message,
                because,
                _family_fix(subject, context),
            )
        return
    kind = key_kind(subject.key.secret, context.catalogue) if subject.key else None
    for fault in lint(
        preset.base_url, context.catalogue, provider=preset.provider, api_compat=preset.api_compat, key=kind
    ):
        fixes = (
            (Fix("complete-url", f"write {clean(fault.completed)}", (Set(at.BASE_URL, fault.completed),)),)
            if fault.completed
            else ()
        )
        yield Finding(
            f"url-{fault.code}", Severity(fault.severity), at.BASE_URL, fault.message, fault.because, fixes
        )


def host(subject: Subject, context: Context) -> Iterator[Finding]:
    endpoint = subject.endpoint
    if endpoint is None or not is_mimo(subject.preset) or endpoint.family is not None or not endpoint.host:
        return
    if context.catalogue.is_website(endpoint.host):
        return
    message = f"{clean(endpoint.host)} is no host of Xiaomi MiMo that the catalogue knows"
    because = f"known hosts: {', '.join(context.catalogue.api_hosts)} (mimo-api.md §3.1)"
    yield Finding(
        "host-unknown", Severity.WARNING, at.BASE_URL, message, because, _family_fix(subject, context)
    )


def key_fits(subject: Subject, context: Context) -> Iterator[Finding]:
    endpoint, key = subject.endpoint, subject.key
    if endpoint is None or endpoint.family is None or key is None or not endpoint.family.key_prefixes:
        return
    kind = key_kind(key.secret, context.catalogue)
    if kind is None:
        message = (
            f"the key in {clean(subject.preset.slot or 'api_key')} begins like no known kind of MiMo key"
        )
        because = "kinds: " + ", ".join(
            f"{known.prefix} {known.title}" for known in context.catalogue.key_kinds
        )
        yield Finding("key-kind-unknown", Severity.WARNING, at.SLOT, message, because)
    elif host_takes(kind, endpoint) is Fit.MISFIT:
        message = f"a {kind.title} key ({kind.prefix}…) does not work on {endpoint.title}"
        yield Finding(
            "key-kind-misfit", Severity.ERROR, at.BASE_URL, message, MIX, _family_fix(subject, context)
        )


RULES: tuple[Rule, ...] = (base_url, host, key_fits)


def _family_fix(subject: Subject, context: Context) -> tuple[Fix, ...]:
    """Name every base URL that the key's kind allows; the person chooses, since a key does not say its cluster."""
    if not is_mimo(subject.preset) or subject.key is None:
        return ()
    kind = key_kind(subject.key.secret, context.catalogue)
    if kind is None:
        return ()
    return tuple(
        Fix(f"base-url:{title}", f"use {url}", (Set(at.BASE_URL, url),))
        for title, url in context.catalogue.bases_for(kind)
    )
