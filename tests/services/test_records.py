"""Records as screens and commands have them: with their files, or without where those are gone."""

from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import pytest

from mimo_tui.core.conversation import Attachment, Conversation, Role, Turn
from mimo_tui.core.model import Modality
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.playground import records
from mimo_tui.services.playground.events import Began, Grew
from mimo_tui.services.playground.records import NoRecord, RecordsProblem, Replayed
from mimo_tui.simulator import samples
from tests.conftest import NOW


def talk(*turns: Turn) -> Conversation:
    return Conversation(MappingProxyType({turn.id: turn for turn in turns}), turns[-1].id)


def said(text: str, *attachments: Attachment) -> Turn:
    return Turn(1, None, Role.USER, NOW, text, attachments=attachments)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "a cat.png"
    path.write_bytes(samples.cat())
    return path


def attached(path: Path) -> Attachment:
    data = path.read_bytes()
    location, name = clean(str(path)), clean(path.name)
    return Attachment(
        Modality.IMAGE, location, name, "image/png", len(data), sha256(data).hexdigest(), data=data, tokens=7
    )


def test_a_record_is_opened_with_the_bytes_of_its_files(services: Services, picture: Path) -> None:
    number = services.sessions.begin(talk(said("look", attached(picture))))
    (found,) = records.load(services, number).turns[1].attachments
    assert found.data == picture.read_bytes()
    assert found.tokens == 7


@pytest.mark.parametrize("change", ["gone", "another"])
def test_a_file_that_is_not_the_same_any_more_is_named_and_not_read(
    services: Services, picture: Path, change: str
) -> None:
    attachment = attached(picture)
    number = services.sessions.begin(talk(said("look", attachment)))
    if change == "gone":
        picture.unlink()
    else:
        picture.write_bytes(samples.cat() + b"x")
    (found,) = records.load(services, number).turns[1].attachments
    assert (found, found.data) == (attachment, None)


def test_an_address_is_not_fetched(services: Services) -> None:
    link = Attachment(Modality.IMAGE, clean("https://x.example/a.png"), clean("a.png"), "image/png")
    number = services.sessions.begin(talk(said("look", link)))
    assert records.load(services, number).turns[1].attachments == (link,)


def test_records_are_listed_found_renamed_and_deleted(services: Services) -> None:
    assert (records.records(services).records, records.records(services).size) == ((), 0)
    first = services.sessions.begin(talk(said("about rain")))
    second = services.sessions.begin(talk(said("about snow")))
    found = records.records(services)
    assert ([each.id for each in found.records], found.keeps) == ([second, first], True)
    assert found.size > 0
    assert [each.id for each in records.records(services, limit=1).records] == [second]
    assert [hit.record.id for hit in records.search(services, "rain")] == [first]
    assert records.rename(services, first, "the weather") == "the weather"
    records.delete(services, first)
    with pytest.raises(NoRecord):
        records.load(services, first)
    assert records.delete_all(services) == 1
    assert records.records(services).records == ()


def test_where_nothing_is_kept_what_was_kept_stays_readable(services: Services) -> None:
    number = services.sessions.begin(talk(said("before")))
    services.places.settings_folder.mkdir(parents=True)
    services.places.settings.write_text("[playground]\nkeep = false\n")
    services.knowledge.renew()
    assert not records.keeps(services)
    assert not records.records(services).keeps
    assert records.load(services, number).turns[1].text == "before"


def test_a_record_is_replayed_as_it_came_and_nothing_is_asked(services: Services) -> None:
    answer = Turn(2, 1, Role.ASSISTANT, NOW, "It rains. " * 9, "thinking " * 5)
    number = services.sessions.begin(
        talk(said("weather?"), answer, Turn(3, 1, Role.ASSISTANT, NOW, "other")).at(2)
    )
    events = tuple(records.replay(records.load(services, number)))
    assert [type(each) for each in events[:2]] == [Replayed, Began]
    assert isinstance(events[-1], Replayed)
    assert events[-1].turn == answer
    grown = [each for each in events if isinstance(each, Grew)]
    assert ("".join(each.text for each in grown), "".join(each.reasoning for each in grown)) == (
        answer.text,
        answer.reasoning,
    )
    assert len(grown) > 4
    assert {each.turn for each in grown} == {2}


def test_a_damaged_file_of_records_is_a_sentence(services: Services) -> None:
    services.places.state.mkdir(parents=True, exist_ok=True)
    services.places.sessions.write_bytes(b"nonsense " * 999)
    with pytest.raises(RecordsProblem, match=r"sessions\.sqlite.* is damaged"):
        records.records(services)
