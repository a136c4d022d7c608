"""Conversations that were kept, shown alone: found as one types, read, opened, renamed, deleted."""

from decimal import Decimal
from types import MappingProxyType

from textual.app import App

from mimo_tui.core.conversation import Answer, Conversation, Role, Turn
from mimo_tui.core.ledger import Cost
from mimo_tui.core.model import Wire
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.tui.record_rows import Kept, amount_text, where_text
from mimo_tui.tui.screens.conversations import Conversations
from tests.conftest import NOW
from tests.tui.screen_text import paste, screen_text, wait_until


def talk(prompt: str, reply: str) -> Conversation:
    answer = Answer(
        clean("mimo-v2.6-pro"),
        Wire.CHAT_COMPLETIONS,
        clean("api.example"),
        cost=Cost(Decimal("0.0012"), "CNY"),
        complete=True,
        simulated=True,
    )
    turns = (
        Turn(1, None, Role.USER, NOW, prompt),
        Turn(2, 1, Role.ASSISTANT, NOW, reply, answer=answer),
    )
    return Conversation(MappingProxyType({turn.id: turn for turn in turns}), 2)


def unbroken(app: App[None]) -> str:
    """What is shown without blanks, frames and the breaks of lines."""
    return "".join(screen_text(app).replace("│", "").split())


class Alone(App[None]):
    """Shows the dialog, and notes what it gives."""

    CSS_PATH = "../../mimo_tui/tui/app.tcss"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.shown = Conversations(services)
        self.given: list[Conversation | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.shown, self.given.append)


async def test_they_are_listed_with_what_they_cost_and_read_below(services: Services) -> None:
    services.sessions.begin(talk("about rain", "It falls [/foo]."))
    services.sessions.begin(talk("about snow", "It lies."))
    app = Alone(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await wait_until(pilot, lambda: "It lies." in screen_text(app))
        shown = screen_text(app)
        assert shown.index("about snow") < shown.index("about rain")
        assert "mimo-v2.6-pro · SIMULATED" in shown
        assert "¥0.0012" in shown
        assert "2 conversations" in shown
        assert "onthismachineonly" in unbroken(app)
        assert "sessions.sqlite." in unbroken(app)
        assert "`keep=false`" in unbroken(app)
        await pilot.press("down")
        await wait_until(pilot, lambda: "It falls [/foo]." in screen_text(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.given)
        given = app.given[0]
        assert given is not None
        assert given.turns[1].text == "about rain"


async def test_what_one_types_is_looked_for_in_all_that_was_said(services: Services) -> None:
    services.sessions.begin(talk("about rain", "It falls."))
    services.sessions.begin(talk("about snow", "It lies."))
    app = Alone(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: "about snow" in screen_text(app))
        await paste(pilot, "fall")
        await wait_until(pilot, lambda: "about snow" not in screen_text(app))
        assert "It falls." in screen_text(app)
        await paste(pilot, "xyz")
        await wait_until(pilot, lambda: "No conversation holds these words." in screen_text(app))
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.given == [None])


async def test_a_title_is_changed_and_a_record_deleted_only_when_one_says_so(services: Services) -> None:
    first = services.sessions.begin(talk("about rain", "It falls."))
    services.sessions.begin(talk("about snow", "It lies."))
    app = Alone(services)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, lambda: "about snow" in screen_text(app))
        await pilot.press("f2", "ctrl+u")
        await paste(pilot, "winter")
        await pilot.press("enter")
        await wait_until(pilot, lambda: "winter" in screen_text(app))
        await pilot.press("down", "f8")
        await wait_until(pilot, lambda: "Delete “about rain”?" in screen_text(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: "Delete “" not in screen_text(app))
        assert len(services.sessions.records()) == 2
        await pilot.press("f8")
        await wait_until(pilot, lambda: "Delete “about rain”?" in screen_text(app))
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: "1 conversation," in screen_text(app))
        assert app.shown.deleted == {first}
        await pilot.press("f9")
        await wait_until(pilot, lambda: "Delete the conversation that is kept?" in screen_text(app))
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: "No conversation is kept." in screen_text(app))
        assert services.sessions.records() == ()


async def test_settings_and_a_file_that_are_broken_are_said_in_full_where_there_is_little_room(
    services: Services,
) -> None:
    services.places.settings.parent.mkdir(parents=True, exist_ok=True)
    services.places.settings.write_text("[playground\n", encoding="utf-8")
    services.knowledge.renew()
    services.places.sessions.parent.mkdir(parents=True, exist_ok=True)
    services.places.sessions.write_bytes(b"no database at all" * 100)
    app = Alone(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: "isdamaged.Moveitaway,thenrecordsbeginanew." in unbroken(app))
        assert f"{services.places.sessions},therecords" in unbroken(app)
        assert "Whatissaidnowisnotkept:" in unbroken(app)
        assert "config.tomlisnotused" in unbroken(app)
        assert "0 conversations" not in screen_text(app)


async def test_where_there_is_little_room_the_list_has_most_of_it(services: Services) -> None:
    for number in range(8):
        services.sessions.begin(talk(f"about rain {number}", "It falls. " * 200))
    app = Alone(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: "It falls." in screen_text(app))
        assert screen_text(app).count("about rain") >= 6
        assert "8 conversations" in screen_text(app)


def test_records_that_are_off_are_said_to_be(services: Services) -> None:
    services.places.settings.parent.mkdir(parents=True, exist_ok=True)
    services.places.settings.write_text("[playground]\nkeep = false\nother = 1\n", encoding="utf-8")
    services.knowledge.renew()
    told = amount_text(services, Kept())
    assert told.endswith("What is said now is not kept, as `keep` under [playground] in config.toml says.")
    assert "keeps no more" not in where_text(services)
