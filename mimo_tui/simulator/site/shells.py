"""The HTML of the sites: shells that a browser fills in, with no text of their own (`mimo-api.md` §4.1)."""

from html import escape


def shell(title: str, locale: str) -> str:
    """Give a page that is empty until its script has run."""
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{escape(locale)}">\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="generator" content="mimo-tui, simulated">\n'
        f"<title>{escape(title)}</title>\n"
        '<script type="module" crossorigin src="/static/assets/main.js"></script>\n'
        "</head>\n"
        '<body><div id="root"></div></body>\n'
        "</html>\n"
    )
