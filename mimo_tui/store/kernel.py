"""Which version of Lingtai's kernel is installed, as the files of its runtime say."""

from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.store.places import Places

_INSTALLED = "runtime/venv/lib/*/site-packages/lingtai-*.dist-info"
_ON_WINDOWS = "runtime/venv/Lib/site-packages/lingtai-*.dist-info"


def installed_kernel(places: Places) -> Clean:
    """Give the version of the kernel in Lingtai's own runtime (`lingtai-presets.md` §1.1); empty: nothing says it."""
    try:
        found = sorted(path.name for each in (_INSTALLED, _ON_WINDOWS) for path in places.lingtai.glob(each))
    except OSError:
        return NOTHING
    return clean(found[-1].removeprefix("lingtai-").removesuffix(".dist-info")) if found else NOTHING
