"""The verification engine: carries out a provider's conversations and tells what they came to.

It is the only part of smstui that speaks HTTP. httpx is imported with the first request.
"""

from smstui.verify.arrivals import Arrivals
from smstui.verify.engine import default_message, verify
from smstui.verify.events import STAGES, Depth, Event, Exchange, Stage, Verification
from smstui.verify.transport import new_client

__all__ = [
    "STAGES",
    "Arrivals",
    "Depth",
    "Event",
    "Exchange",
    "Stage",
    "Verification",
    "default_message",
    "new_client",
    "verify",
]
