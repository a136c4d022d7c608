"""The envelope of a chat completion that carries speech or its text (`mimo-api.md` §7, §9.4)."""

import hashlib
import json
from dataclasses import dataclass

from mimo_tui.core.json_text import Json
from mimo_tui.simulator import sse
from mimo_tui.simulator.call import Call


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every part of one answer repeats; `id` is the same for the same request at the same time."""

    id: str
    created: int
    model: str

    def whole(self, message: dict[str, Json], finish: str, usage: dict[str, Json]) -> bytes:
        """Give the answer in one piece, as JSON."""
        choice: dict[str, Json] = {"index": 0, "finish_reason": finish, "message": message}
        body = self._head("chat.completion") | {"choices": [choice], "usage": usage}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    def chunk(self, finish: str | None = None, **delta: Json) -> bytes:
        """Give a piece of a streamed answer."""
        choice: dict[str, Json] = {"index": 0, "delta": delta, "finish_reason": finish}
        return sse.event(self._head("chat.completion.chunk") | {"choices": [choice]})

    def usage(self, usage: dict[str, Json]) -> bytes:
        """Give the last piece but `[DONE]`, which has no choices."""
        return sse.event(self._head("chat.completion.chunk") | {"choices": [], "usage": usage})

    def _head(self, kind: str) -> dict[str, Json]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def envelope(call: Call) -> Envelope:
    """Make the envelope of the answer to a call."""
    asked = json.dumps(dict(call.body), sort_keys=True)
    identity = hashlib.sha256(f"{call.at.isoformat()}\0{asked}".encode()).hexdigest()[:32]
    return Envelope(identity, int(call.at.timestamp()), call.model.id)
