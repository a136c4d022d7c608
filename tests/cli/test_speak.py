"""`mimo-tui speak`: what it speaks, where the sound goes, what it says beside it, and its exit codes."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from mimo_tui.cli.speak_check import Checked, check_lines
from mimo_tui.core.speech.waves import read_wave
from mimo_tui.core.text import clean
from mimo_tui.services.speech.events import Transcript
from mimo_tui.services.speech.round_trip import check
from mimo_tui.simulator.platform import Platform
from tests.cli.conftest import Answer, Command
from tests.cli.schemas import ERROR, SPEAK
from tests.simulator.speaking import make_wav, read_wav

WHOM = ("--preset", "unknown")
LINE = "One boat was left."
Piped = Callable[[bytes], None]


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Piped:
    """Have these bytes come on standard input; nothing comes before that."""

    def come(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))

    come(b"")
    return come


@pytest.fixture
def speak(asks: Command, piped: Piped, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Have something spoken by a preset whose key the platform takes."""
    monkeypatch.setenv("PATH", "/nowhere")
    return lambda *words: asks("speak", *words, *WHOM)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, speak: Command) -> Callable[..., tuple[int, bytes]]:
    """Give the exit code and the bytes on standard output."""

    def bytes_of(*words: str) -> tuple[int, bytes]:
        out = io.BytesIO()
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", io.TextIOWrapper(out, "utf-8", write_through=True))
            code = speak(*words).code
            return code, out.getvalue()

    return bytes_of


def error(answer: Answer) -> str:
    return answer.err.replace("\n", " ")


def only_take(home: Path) -> Path:
    (found,) = (home / ".local/state/mimo-tui/takes").glob("*.wav")
    return found


def settings(home: Path, text: str) -> None:
    folder = home / ".config" / "mimo-tui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text)


# Where the sound goes.


def test_without_a_file_the_path_of_the_take_is_all_there_is_on_standard_output(
    speak: Command, home: Path
) -> None:
    answer = speak(LINE, "--voice", "Mia")
    assert answer.code == 0
    assert answer.out == f"{only_take(home)}\n"
    sound = soundfile.info(answer.out.strip())
    assert (sound.samplerate, sound.channels, sound.subtype) == (24_000, 1, "PCM_16")
    lines = answer.err.splitlines()
    assert lines[0].startswith("SIMULATED")
    assert len(lines) == 2
    for part in (
        "Mia · ",
        f"{sound.duration:.1f} s · ",
        " KB · first sound 0.",
        " s in all · ¥0 · SIMULATED",
    ):
        assert part in lines[1]


def test_a_file_gets_the_sound_in_the_format_of_its_ending(speak: Command, tmp_path: Path) -> None:
    wav, bare = tmp_path / "line.wav", tmp_path / "line.pcm"
    answer = speak(LINE, "-o", str(wav))
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.endswith(f"Saved as {wav}\n")
    assert speak(LINE, "-o", str(bare), "-q").code == 0
    assert bare.read_bytes() == read_wave(wav.read_bytes()).samples


def test_as_mp3_it_is_one_whole_file(speak: Command, tmp_path: Path) -> None:
    path = tmp_path / "line.mp3"
    answer = speak(LINE, "-o", str(path))
    assert answer.code == 0
    assert soundfile.info(path).format == "MP3"


@pytest.mark.parametrize("streamed", [(), ("--no-stream",)])
def test_standard_output_gets_a_wav_that_programs_take(
    sent: Callable[..., tuple[int, bytes]], home: Path, streamed: tuple[str, ...]
) -> None:
    code, data = sent(LINE, "-o", "-", *streamed)
    assert code == 0
    frames, rate = soundfile.read(io.BytesIO(data))
    assert rate == 24_000
    assert len(frames) == len(soundfile.read(only_take(home))[0])
    assert read_wave(data) == read_wave(only_take(home).read_bytes())


def test_standard_output_gets_bare_samples_too(sent: Callable[..., tuple[int, bytes]], home: Path) -> None:
    code, data = sent(LINE, "-o", "-", "--format", "pcm")
    assert code == 0
    assert data == read_wav(only_take(home).read_bytes()).frames


def test_a_file_that_is_there_stays_and_nothing_is_sent_without_force(
    speak: Command, platform: Platform, tmp_path: Path
) -> None:
    path = tmp_path / "mine.wav"
    path.write_bytes(b"mine")
    answer = speak(LINE, "-o", str(path))
    assert (answer.code, answer.out) == (3, "")
    assert f"{path} is there already. Give another name, or have it replaced with --force." in error(answer)
    assert path.read_bytes() == b"mine"
    assert not platform.log
    assert speak(LINE, "-o", str(path), "--force").code == 0
    assert path.read_bytes().startswith(b"RIFF")


def test_wrong_words_are_a_sentence_and_nothing_is_sent(
    speak: Command, platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words, code, said in (
        (("-o", "line.ogg"), 2, "none of .wav, .mp3, .pcm"),
        (("-o", "nowhere/line.wav"), 2, "There is no folder"),
        (("-o", "line.wav", "--format", "mp3"), 2, "contradict each other"),
        (("-o", "-", "--voice", "all"), 2, "files of a folder"),
        (("--format", "pcm"), 2, "Samples without a header"),
        (("--polish",), 2, "--polish goes with --design only"),
        (("--design", ""), 2, "Describe the voice"),
        (("--clone", "none.wav"), 2, "There is no file"),
        (("--clone", "."), 2, "is a folder: name a file in it"),
        (("--voice", "all", "-o", "nowhere/all"), 2, "There is no folder"),
        (("-m", "mimo-v2.5-tts-voicedesign"), 2, "voice design: it goes with --design WORDS."),
        (("-m", "mimo-v2.5-tts-voiceclone"), 2, "voice cloning: it goes with --clone FILE."),
        (("--design", "A child", "-m", "mimo-v2.5-tts"), 2, "it goes without --design and --clone."),
        (("-m", "mimo-v2.5-asr"), 2, "is a model for speech recognition: it goes with `mimo-tui listen`."),
        (("-m", "mimo-v2.6-pro"), 2, "is a model for chat, not for speech"),
    ):
        answer = speak(LINE, *words)
        assert (answer.code, answer.out) == (code, "")
        assert said in error(answer)
        assert speak(LINE, *words, "--json").code == code
    assert not platform.log


def test_standard_output_takes_either_the_sound_or_the_document(speak: Command, platform: Platform) -> None:
    answer = speak(LINE, "-o", "-", "--json")
    assert answer.code == 2
    assert answer.document(ERROR)
    assert "either the sound or the document" in error(answer)
    assert not platform.log


def test_without_a_text_nothing_is_sent(speak: Command, platform: Platform) -> None:
    for words in ((), ("  ",), ("(whispering)",)):
        answer = speak(*words)
        assert answer.code == 2
        assert "write what is to be spoken" in error(answer)
    assert not platform.log


def test_what_comes_by_a_pipe_follows_the_text(speak: Command, piped: Piped) -> None:
    piped(b"and one boat\n")
    found = json.loads(speak("The lights", "--json").out)
    assert found["takes"][0]["text"] == "The lights\n\nand one boat"
    piped("一艘船\n".encode())
    assert json.loads(speak("-", "--json").out)["takes"][0]["text"] == "一艘船"


# Who speaks, and how.


def test_as_json_there_is_all_of_it_but_the_sound(speak: Command, tmp_path: Path) -> None:
    path = tmp_path / "line.wav"
    answer = speak(LINE, "--voice", "白桦", "-s", "slow", "--json", "-o", str(path), "--currency", "usd")
    answer.document(SPEAK)
    assert answer.code == 0
    (take,) = json.loads(answer.out)["takes"]
    assert (take["voice"], take["style"], take["saved"], take["complete"]) == (
        "白桦",
        "slow",
        str(path),
        True,
    )
    assert take["cost"]["currency"] == "USD"
    assert take["timing"]["first_sound"] < take["timing"]["seconds"]
    assert abs(take["seconds"] - soundfile.info(path).duration) < 0.01
    assert Path(take["path"]).read_bytes() == path.read_bytes()


def test_a_designed_voice_writes_its_own_text(speak: Command) -> None:
    words = ("--design", "An elderly man, amused.", "--polish")
    (take,) = json.loads(speak(*words, "--json").out)["takes"]
    assert take["kind"] == "voice design"
    assert take["preview"]
    assert f"Spoken as: {take['preview']}\n" in speak(*words).err


def test_a_cloned_voice_takes_a_sample_and_says_what_is_wrong_with_it(speak: Command, tmp_path: Path) -> None:
    sample = tmp_path / "me.wav"
    sample.write_bytes(make_wav(bytes(48_000)))
    answer = speak(LINE, "--clone", str(sample))
    assert answer.code == 0
    assert "cloned from me.wav · " in answer.err
    assert "me.wav is silent" in answer.err
    assert "a voice is better caught by" in answer.err


def test_a_sample_comes_by_a_pipe_and_is_not_taken_for_the_text(
    speak: Command, piped: Piped, platform: Platform
) -> None:
    piped(make_wav(bytes(48_000)))
    answer = speak(LINE, "--clone", "-")
    assert (answer.code, "cloned from standard input · " in answer.err) == (0, True)
    sent = len(platform.log)
    for words, data, said in (
        (("-", "--clone", "-"), b"", "either the text or the sample"),
        ((LINE, "--clone", "-"), b"", "standard input is empty"),
        (("--design", "A child"), b"\xff\xfb\x90", "`--clone -` takes the sample of a voice"),
    ):
        piped(data)
        answer = speak(*words)
        assert (answer.code, said in error(answer)) == (2, True)
    assert len(platform.log) == sent


def test_a_host_that_is_not_mimos_is_asked_for_no_model_of_mimo_unless_it_is_named(
    asks: Command, piped: Piped, platform: Platform
) -> None:
    answer = asks("speak", LINE, "--preset", "zhipu-1", "--yes")
    assert answer.code == 2
    assert "Choose a preset of MiMo" in error(answer)
    assert asks("listen", "-", "--preset", "zhipu-1", "--yes").code == 2
    assert not platform.log


def test_sound_for_a_standard_output_that_is_closed_is_not_paid(
    speak: Command, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As Python has it where the program was started with `>&-`.
    monkeypatch.setattr(sys, "__stdout__", None)
    answer = speak(LINE, "-o", "-")
    assert (answer.code, answer.out) == (2, "")
    assert "Standard output is closed" in answer.err
    assert not platform.log


def test_an_audition_is_the_same_line_in_every_voice(speak: Command, tmp_path: Path) -> None:
    folder = tmp_path / "voices"
    answer = speak("Hi.", "--voice", "all", "-o", str(folder))
    assert answer.code == 0
    names = {path.stem for path in folder.glob("*.wav")}
    assert names == {"mimo_default", "冰糖", "茉莉", "苏打", "白桦", "Mia", "Chloe", "Milo", "Dean"}
    assert answer.err.count("Saved as ") == 9
    again = speak("Hi.", "--voice", "all", "-o", str(folder))
    assert again.code == 3
    assert "is there already" in error(again)


def test_a_voice_that_there_is_not_is_refused_with_those_that_there_are(speak: Command, home: Path) -> None:
    answer = speak(LINE, "--voice", "Nobody", "--json")
    assert answer.code == 3
    (take,) = json.loads(answer.out)["takes"]
    assert (take["complete"], take["path"]) == (False, None)
    assert "Mia" in error(answer)
    assert not list((home / ".local/state/mimo-tui/takes").glob("*.wav"))


def test_a_long_text_is_spoken_in_parts_and_joined(speak: Command, home: Path, piped: Piped) -> None:
    settings(home, "[facts.facts]\nspeech_text_characters = 30\n")
    piped(b"The lights went out at ten. One boat was left. Nobody said a word.")
    answer = speak("--json")
    assert answer.code == 0
    (take,) = json.loads(answer.out)["takes"]
    assert len(take["joins"]) == 2
    assert "spoken in 3 requests" in answer.err
    as_mp3 = speak("The lights went out at ten. One boat was left.", "--format", "mp3")
    assert as_mp3.code == 2
    assert "Ask for WAV" in error(as_mp3)


# The round trip.


def test_the_check_says_that_it_was_heard_as_it_was_said(speak: Command) -> None:
    answer = speak(LINE, "--check")
    assert answer.code == 0
    assert "Heard as it was said: 4 words (¥0.000" in answer.err
    check = json.loads(speak(LINE, "--check", "--json").out)["takes"][0]["check"]
    assert (check["heard"], check["difference"]["rate"]) == (LINE, 0)


def test_a_tag_and_a_cue_are_not_missed_in_what_was_heard(speak: Command) -> None:
    answer = speak("(softly) Fish [sigh] and chips.", "--check")
    assert "Heard as it was said" in answer.err


def test_the_check_marks_what_was_heard_otherwise() -> None:
    heard = Transcript("One goat was left.", clean("x"), clean("y"), complete=True)
    found = Checked(heard, check("One boat was left.", heard))
    assert list(check_lines(found)) == [
        "Heard otherwise: 1 of 4 words (25%).",
        "One [-boat-] {+goat+} was left.",
    ]
    assert list(check_lines(Checked(problem=clean("It is empty.")))) == [
        "It was not checked by ear. It is empty."
    ]


# How it ends.


def test_where_nothing_here_plays_it_says_how_to_hear_it_and_all_is_well(
    speak: Command, tmp_path: Path
) -> None:
    path = tmp_path / "line.wav"
    answer = speak(LINE, "-o", str(path), "--play")
    assert answer.code == 0
    assert "Nothing is played: " in answer.err
    assert str(path) in answer.err.splitlines()[-1]


def test_from_afar_it_says_how_to_fetch_the_file(
    speak: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.9 50000 10.0.0.1 22")
    monkeypatch.setenv("USER", "ada")
    answer = speak("Hi.", "-o", str(tmp_path / "line.wav"), "--play")
    assert answer.code == 0
    assert answer.err.endswith(f"To hear it: scp ada@10.0.0.1:{tmp_path}/line.wav .\n")


@pytest.mark.parametrize("streamed", [(), pytest.param(("--no-stream",), marks=pytest.mark.long)])
def test_it_is_played_to_its_end_by_what_the_machine_has(
    speak: Command, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, streamed: tuple[str, ...]
) -> None:
    player, heard = tmp_path / "aplay", tmp_path / "heard"
    player.write_text(f"#!/bin/sh\nexec /bin/cat >> {heard}\n")
    player.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = speak("Hi.", "--play", *streamed)
    assert answer.code == 0
    assert "Nothing is played" not in answer.err
    assert heard.read_bytes().endswith(read_wav(only_take(home).read_bytes()).frames)


def test_what_broke_off_is_no_file_of_that_name_but_stays_as_a_take(
    speak: Command, platform: Platform, tmp_path: Path, home: Path
) -> None:
    platform.put_fault("cut=60000", always=True)
    path = tmp_path / "line.wav"
    answer = speak(LINE, "-o", str(path))
    assert answer.code == 1
    assert not path.exists()
    assert f"What came of it is kept: {only_take(home)}" in answer.err
    assert soundfile.info(only_take(home)).frames > 0


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [("status=401", 3, "refuses this key"), ("html", 1, "answered with a web page")],
)
def test_what_goes_wrong_is_a_sentence_with_its_remedy(
    speak: Command, platform: Platform, script: str, code: int, said: str
) -> None:
    platform.put_fault(script, always=True)
    answer = speak(LINE, "--json")
    answer.document(SPEAK)
    assert answer.code == code
    assert said in error(answer)


def test_an_audition_ends_where_no_other_voice_could_do_better(speak: Command, platform: Platform) -> None:
    platform.put_fault("error=balance", always=True)
    answer = speak("Hi.", "--voice", "all", "--json")
    assert answer.code == 3
    assert len(json.loads(answer.out)["takes"]) == 1


def test_offline_nothing_is_sent(asks: Command, piped: Piped, platform: Platform) -> None:
    answer = asks("--offline", "speak", LINE, *WHOM)
    assert answer.code == 1
    assert "Nothing was sent" in answer.err
    assert not platform.log


def test_where_no_take_is_kept_a_file_has_to_be_named(speak: Command, home: Path, tmp_path: Path) -> None:
    settings(home, "[speech]\nkeep = false\n")
    answer = speak(LINE)
    assert answer.code == 2
    assert "name a file with -o" in error(answer)
    assert speak(LINE, "-o", str(tmp_path / "line.wav")).code == 0
    assert not (home / ".local/state/mimo-tui/takes").exists()


def test_no_path_is_told_of_what_goes_with_the_program(
    speak: Command, home: Path, tmp_path: Path, platform: Platform
) -> None:
    settings(home, "[speech]\nkeep = false\n")
    answer = speak(LINE, "--play")
    assert (answer.code, "Nothing would be left of it" in error(answer)) == (2, True)
    assert not platform.log
    checked = speak(LINE, "--play", "--check", "--json")
    assert (checked.code, json.loads(checked.out)["takes"][0]["path"]) == (0, None)
    platform.put_fault("cut=60000", always=True)
    broken = speak(LINE, "-o", str(tmp_path / "line.wav"), "--play")
    assert broken.code == 1
    for each in (checked, broken):
        assert "mimo-tui-takes-" not in each.out + each.err
        assert "is kept: " not in each.err


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ('[speech]\nkeep = "no"\n', 2, "speech.keep"),
        ("[speech\n", 2, "config.toml is not used"),
        ("[speech]\nmegabytes = 0\n", 0, "speech.megabytes"),
    ],
)
def test_settings_that_cannot_be_used_are_told_once(
    speak: Command, home: Path, tmp_path: Path, text: str, code: int, says: str
) -> None:
    settings(home, text)
    answer = speak(LINE)
    assert (answer.code, answer.err.count(says)) == (code, 1)
    assert "keeps no takes" not in answer.err
    saved = speak(LINE, "-o", str(tmp_path / "line.wav"))
    assert (saved.code, saved.err.count(says)) == (0, 1)


def test_what_it_says_is_safe_to_look_at_and_holds_no_key(
    speak: Command, asks: Command, piped: Piped
) -> None:
    hostile = "\x1b]0;x\x07\u202e[bold]boat[/]\x9b31m sk-fake0001"
    for form in (("--voice", hostile), ("--check",), ("--json", "--check")):
        piped(hostile.encode())
        answer = speak("-", *form)
        listed = asks("takes", *(form[:1] if form[0] == "--json" else ()))
        said = answer.out + answer.err + listed.out
        assert "[bold]boat[/]" in said
        assert "sk-fake0001" not in said
        assert not [sign for sign in said if not sign.isprintable() and sign != "\n"]


def test_a_key_of_mimo_is_not_sent_to_another_host_without_a_word(
    asks: Command, piped: Piped, platform: Platform
) -> None:
    asks("presets", "set", "mimo-pro", "base_url", "https://evil.example/v1", "--yes", "--force")
    answer = asks("speak", LINE, "--preset", "mimo-pro")
    assert answer.code == 1
    assert "Say --yes if it shall." in answer.err
    assert not platform.log
