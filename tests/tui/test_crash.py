"""When the program itself fails, what it says holds no key."""

import pytest

from mimo_tui.services import Services
from mimo_tui.tui.app import MimoApp

CANARY = "tp-Canary0123456789abcdef"


def fail(text: str) -> None:
    key = f"{text}"  # what the report of a fault would show with the values of variables
    raise ValueError(f"{len(key)} characters are too many")


async def crash(app: MimoApp) -> None:
    async with app.run_test():
        try:
            fail(CANARY)
        except ValueError as error:
            app._handle_exception(error)


async def test_the_report_of_a_fault_shows_where_it_happened_and_no_values(
    services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="too many"):
        await crash(MimoApp(services.places, lambda: services))
    said = "".join(capsys.readouterr())
    assert "characters are too many" in said
    assert "def fail" in said
    assert CANARY not in said
