"""The errors of the platform, in its own envelope (`mimo-api.md` §12)."""

from dataclasses import dataclass

from mimo_tui.core.json_text import Json


@dataclass(frozen=True, slots=True)
class Fault:
    """An error that the platform answers with. `param` and `type` are left out of the envelope where None."""

    status: int
    message: str
    param: str | None = None
    type: str | None = None
    code: str | None = None

    def body(self) -> dict[str, Json]:
        """Give the envelope."""
        error: dict[str, Json] = {"code": self.code or str(self.status), "message": self.message}
        if self.param is not None:
            error["param"] = self.param
        if self.type is not None:
            error["type"] = self.type
        return {"error": error}


class Refusal(Exception):
    """Ends a call with a fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


INVALID_KEY = Fault(401, "Invalid API Key", "Please provide valid API Key", "invalid_key")
ILLEGAL_ACCESS = Fault(403, "Illegal access", None, "illegal_access")
NOT_FOUND = Fault(404, "Not Found", None, "not_found")
MODERATED = Fault(
    421, "Moderation Block", "The request was rejected because it was considered high risk", "content_filter"
)
TOO_MANY = Fault(429, "Too many requests", None, "limitation")
QUOTA_USED = Fault(429, "Token Plan quota exhausted, please wait for renewal", None, None)
NO_BALANCE = Fault(402, "Insufficient balance, please recharge your account", None, None)
NO_FUNDS = Fault(402, "Insufficient account funds", None, "server_error")
"""What a plan's key was answered once, in place of NO_BALANCE."""
SERVER_ERROR = Fault(500, "Internal server error", None, "server_error")
OVERLOADED = Fault(503, "Service overloaded, please try again later", None, "server_error")


def unsupported_model(model: str) -> Fault:
    """Of an id that is unknown, retired, or not offered on this host."""
    return Fault(400, f"Unsupported model {model}")


def wrong_parameter(reason: str) -> Fault:
    """Of a field with a value that is off; the reason stands in `param`."""
    return Fault(400, "Param Incorrect", reason, "")


def wrong_schema() -> Fault:
    """Of a body that is not of the documented shape, or no JSON at all."""
    return Fault(400, "Invalid request parameters", "", "Bad Request")


def corrupt_media() -> Fault:
    """Of an image, a sound or a film that cannot be decoded."""
    return Fault(400, "Multimodal data is corrupted or cannot be processed.", None, "BadRequestError")
