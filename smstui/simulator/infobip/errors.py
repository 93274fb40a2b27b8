"""How Infobip says no: the two forms of its error answers, with its own texts.

Source: the examples in Infobip's OpenAPI files. SMS, MMS and RCS use the newer form; account,
inbox and preview the older one.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

_DOCS = "https://www.infobip.com/docs/essentials"

_TEXTS: dict[int, tuple[str, str, str, str]] = {
    400: (
        "Request cannot be processed.",
        "Check the syntax, violations and adjust the request.",
        "BAD_REQUEST",
        "Bad request",
    ),
    401: (
        "The request lacks valid authentication credentials for the requested resource.",
        "Check the resources and adjust authentication credentials.",
        "UNAUTHORIZED",
        "Unauthorized",
    ),
    403: (
        "Insufficient permissions to access the requested resource.",
        "Repeat the request with new or different credentials.",
        "FORBIDDEN",
        "Forbidden",
    ),
    404: (
        "Not found - request URL doesn't exist on the API server or resource is not found.",
        "Check the resources and adjust your request.",
        "NOT_FOUND",
        "Not found",
    ),
    409: (
        "Request cannot be processed due to conflicts with existing resources",
        "Check violations and adjust the request.",
        "CONFLICT",
        "Conflict",
    ),
    429: (
        "Too many requests sent.",
        "Check request rate limit specified in the API endpoint documentation resource.",
        "TOO_MANY_REQUESTS",
        "Too many requests",
    ),
    500: (
        "Something went wrong.",
        "Contact the support.",
        "GENERAL_ERROR",
        "Something went wrong. Please contact support.",
    ),
    503: (
        "Service unavailable.",
        "Try again later.",
        "SERVICE_UNAVAILABLE",
        "Service unavailable",
    ),
}
"""HTTP status to description and action of the newer form, messageId and text of the older."""

_RESOURCES = {
    401: ("API Authentication", f"{_DOCS}/api-authentication"),
    403: ("API Scopes", f"{_DOCS}/api-essentials/api-authorization#api-scopes"),
    429: (
        "Throttling handling errors",
        f"{_DOCS}/integration-best-practices#throttling-handling-errors",
    ),
}

Violation = tuple[str, str]
"""Path of a property, and what is wrong with it."""


class Refusal(Exception):
    """An answer that is not a success."""

    def __init__(
        self,
        status: int,
        *violations: Violation,
        retry_after: int = 0,
        code: str = "",
        said: tuple[str, str] | None = None,
    ) -> None:
        """Refuse.

        Args:
            status: one of the HTTP statuses of the table above.
            violations: what is wrong with the request.
            retry_after: seconds to wait; 0 for no such header.
            code: of the newer form; by default ``E`` and the status.
            said: description and action in place of the usual ones, in the newer form.
        """
        self.status = status
        self.violations = violations
        self.retry_after = retry_after
        self.code = code or f"E{status}"
        self.said = said or _TEXTS[status][:2]
        super().__init__(f"HTTP {status}")

    def response(self, *, older: bool) -> Response:
        """Return the answer, in the older or in the newer form."""
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after else None
        record = self._older() if older else self._newer()
        return JSONResponse(record, status_code=self.status, headers=headers)

    def _newer(self) -> dict[str, Any]:
        description, action = self.said
        resource = _RESOURCES.get(self.status)
        return {
            "errorCode": self.code,
            "description": description,
            "action": action,
            "violations": [{"property": path, "violation": said} for path, said in self.violations],
            "resources": [{"name": resource[0], "url": resource[1]}] if resource else [],
        }

    def _older(self) -> dict[str, Any]:
        _description, _action, message_id, text = _TEXTS[self.status]
        exception: dict[str, Any] = {"messageId": message_id, "text": text}
        if self.violations:
            exception["validationErrors"] = {path: [said] for path, said in self.violations}
        return {"requestError": {"serviceException": exception}}
