"""How the simulated custom provider says no."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response


class Refusal(Exception):
    """An answer that is not a success."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status = status
        self.code = code
        self.message = message
        super().__init__(f"{status} {code}")

    def response(self) -> Response:
        """Return the answer of the send call."""
        error = {"code": self.code, "message": self.message}
        return JSONResponse({"error": error}, status_code=self.status)

    def oauth(self) -> Response:
        """Return the answer of a token endpoint (RFC 6749, section 5.2)."""
        record = {"error": self.code, "error_description": self.message}
        return JSONResponse(record, status_code=self.status)
