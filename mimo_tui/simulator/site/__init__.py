"""The docs site, simulated: its pages as files, and what answers for its hosts.

The pages hold the facts of `mimo-api.md` in words of our own; none is the company's. Where §4.5 saw a page and not
its slug, the slug is the old tree's. The pages are of early October 2026, the newest evidence there is.
"""
