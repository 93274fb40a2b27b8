"""The webhooks of the demo, and what came in by them: each call is made by the simulator."""

from __future__ import annotations

import base64
import contextlib
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, Self

from pydantic import SecretStr

from smstui.providers.fields import Value
from smstui.simulator.core import AccountInfo, Callback, Ids, SimulatorFailed
from smstui.webhooks.base import Call, WebhookType
from smstui.webhooks.fields import specs_for
from smstui.webhooks.intake import Incoming
from smstui.webhooks.settings import ReceiverSettings
from smstui.webhooks.stored import create
from smstui.webhooks.vendors.custom_template import TEMPLATES
from smstui.webhooks.vendors.registry import webhook_vendor

if TYPE_CHECKING:
    from smstui.simulator.server import Simulator
    from smstui.store import Store
    from smstui.store.webhook_records import WebhookRecord

_IDS = Ids("demo webhooks")
USER = "acme"

TWILIO_NUMBER, SINCH_NUMBER, INFOBIP_NUMBER = "+12025550142", "+12025550142", "+385990000099"
RELAY_NUMBER = "+393401234500"

_REPLIES: Mapping[str, Value] = {
    "opt_in_reply": "Acme: you are in again. Reply STOP to opt out.",
    "opt_out_reply": "Acme: you get no more messages. Reply START to come back.",
    "help_reply": "Acme alerts. Help: acme.example/help. Reply STOP to opt out.",
    "fuzzy_logic": True,
    "fuzzy_auto_response": "Nothing has changed yet. Reply STOP to opt out.",
}
_DOUBLE: Mapping[str, Value] = {
    "double_opt_in_keywords": "JOIN",
    "double_opt_in_reply": "Acme: reply YES to confirm that you want our messages.",
}


@dataclass(frozen=True, slots=True)
class HookEntry:
    """One webhook of the demo.

    Attributes:
        name: its name.
        vendor: the value of *Select SMS vendor*.
        type: what it receives; empty where there is no choice.
        credential: the credential it names; empty for none.
        account: vendor and label of the simulated account that calls it.
        by: who made it.
        made: how long before the demo begins it was made.
        way: how its callers prove themselves.
        fields: the others.
    """

    name: str
    vendor: str
    type: str
    credential: str
    account: tuple[str, str]
    by: str
    made: timedelta
    way: Literal["", "sinch", "basic", "hmac"] = ""
    fields: Mapping[str, Value] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The unguessable part of its URL, the same in every demo."""
        return _IDS.fixed(f"path of {self.name}", 32)

    @property
    def secret(self) -> str:
        """What its callers are known by; the account has one for all its webhooks."""
        return _IDS.fixed(f"secret of {'/'.join(self.account)}", 32)

    def draft(self) -> dict[str, Value]:
        """Return its fields."""
        specs = specs_for(webhook_vendor(self.vendor), [self.credential])
        defaults = {name: spec.default for name, spec in specs.items()}
        return {
            **defaults,
            "name": self.name,
            **({"type": self.type} if self.type else {}),
            **({"credential": self.credential} if self.credential else {}),
            **_caller(self),
            **self.fields,
        }


HOOKS = (
    HookEntry("twilio-alerts", "Twilio", "", "twilio-main", ("Twilio", "live"), "ada",
        timedelta(days=10.5),
        fields={"sender_phone_number": TWILIO_NUMBER, **_REPLIES, **_DOUBLE}),
    HookEntry("sinch-alerts", "Sinch", "", "sinch-main", ("Sinch", "live"), "ada",
        timedelta(days=10), "sinch", {"sender_phone_number": SINCH_NUMBER, **_REPLIES}),
    HookEntry("sinch-rcs", "Sinch Conversational", "", "sinch-rcs", ("Sinch RCS", "keeps messages"),
        "grace", timedelta(days=9), "sinch", {"sender_phone_number": SINCH_NUMBER, **_REPLIES}),
    HookEntry("infobip-replies", "Infobip", "Inbound", "infobip-main", ("Infobip", "live"), "grace",
        timedelta(days=8), "basic", {"sender_phone_number": INFOBIP_NUMBER, **_REPLIES}),
    HookEntry("infobip-reports", "Infobip", "Feedback", "", ("Infobip", "live"), "grace",
        timedelta(days=8), "basic"),
    HookEntry("acme-relay-replies", "Custom", "Inbound", "acme-relay", ("Custom", "Bearer"),
        "linus", timedelta(days=6), "hmac", {"sender_phone_number": RELAY_NUMBER, **_REPLIES}),
    HookEntry("acme-relay-reports", "Custom", "Feedback", "acme-relay", ("Custom", "Bearer"),
        "linus", timedelta(days=6), "hmac", {"payload": TEMPLATES[WebhookType.FEEDBACK]}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """A text that a subscriber sent.

    Attributes:
        before: how long before the demo begins.
        hook: the webhook that it came in by.
        number: the subscriber's.
        text: what is written.
        trouble: what was odd about the call: it came twice, or somebody else made it.
    """

    before: timedelta
    hook: str
    number: str
    text: str
    trouble: Literal["", "twice", "forged"] = ""


ANNA, BRUNO, CARLA, DARIO = "+393481112233", "+393335557788", "+393471234567", "+393209876543"
EMMA, FELIX = "+12065550177", "+385981112233"

TEXTS = (
    Text(timedelta(days=9), "twilio-alerts", ANNA, "Thank you, see you on Friday"),
    Text(timedelta(days=7.2), "twilio-alerts", BRUNO, "STOP"),
    Text(timedelta(days=6.5), "infobip-replies", FELIX, "UNSUBSCRIBE"),
    Text(timedelta(days=5.1), "twilio-alerts", CARLA, "Join"),
    Text(timedelta(days=5.099), "twilio-alerts", CARLA, "YES!"),
    Text(timedelta(days=4.2), "sinch-alerts", EMMA, "info"),
    Text(timedelta(days=3.1), "acme-relay-replies", DARIO, "Stop.", "twice"),
    Text(timedelta(days=2.3), "twilio-alerts", DARIO, "STPO"),
    Text(timedelta(days=1.4), "twilio-alerts", BRUNO, "STOP", "forged"),
    Text(timedelta(days=1.1), "twilio-alerts", BRUNO, "start"),
    Text(timedelta(hours=4), "sinch-rcs", EMMA, "Is the shop open today?"),
    Text(timedelta(minutes=50), "twilio-alerts", ANNA, "Help"),
)
"""What came in before the demo begins."""

LIVE = (
    Text(timedelta(seconds=8), "twilio-alerts", ANNA, "Where is my parcel?"),
    Text(timedelta(seconds=20), "infobip-replies", FELIX, "START"),
    Text(timedelta(seconds=35), "sinch-alerts", EMMA, "stop it"),
    Text(timedelta(seconds=50), "twilio-alerts", ANNA, "STOP"),
)
"""What comes in while the demo runs: so long after its begin."""


def make(store: Store, entry: HookEntry, simulator: Simulator) -> WebhookRecord:
    """Make a webhook, and have the simulated provider call it."""
    record = create(store, entry.vendor, entry.draft(), path=entry.path)
    account = account_of(entry, simulator)
    same = [hook for hook in HOOKS if hook.account == entry.account]
    url = {hook.name: ReceiverSettings.load(store).url_of(hook.path) for hook in same}
    simulator.set_webhook(
        account,
        inbound=next((url[hook.name] for hook in same if hook.type != "Feedback"), ""),
        feedback=next((url[hook.name] for hook in same if hook.type != "Inbound"), ""),
        secret=entry.secret if entry.way in ("sinch", "hmac") else "",
        headers=_proof(same[0]),
    )
    return record


def send_text(simulator: Simulator, text: Text) -> None:
    """Let a subscriber send a text: the simulated provider calls at once."""
    hook = next(entry for entry in HOOKS if entry.name == text.hook)
    to = str(hook.fields["sender_phone_number"])
    simulator.subscriber_texts(
        account_of(hook, simulator), number=text.number, to=to, text=text.text
    )


class Conversation:
    """Lets subscribers text while the demo runs, in a thread of its own; a context manager."""

    def __init__(self, simulator: Simulator, texts: Sequence[Text] = LIVE) -> None:
        """Prepare it.

        Args:
            simulator: a running one.
            texts: what comes in, ``before`` being the time since the begin; first to last.
        """
        self._simulator = simulator
        self._texts = texts
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="smstui-subscribers", daemon=True)

    def _run(self) -> None:
        begun = time.monotonic()
        for text in self._texts:
            left = text.before.total_seconds() - (time.monotonic() - begun)
            if self._ended.wait(max(left, 0.0)):
                return
            with contextlib.suppress(SimulatorFailed):  # It is ending: there is nobody to text.
                send_text(self._simulator, text)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()


def account_of(entry: HookEntry, simulator: Simulator) -> AccountInfo:
    """Return the simulated account that calls a webhook."""
    return next(info for info in simulator.accounts if (info.vendor, info.label) == entry.account)


def as_received(callback: Callback, *, forged: bool = False) -> Incoming:
    """Return a call of the simulator as the receiver would see it, at the moment it was due."""
    headers = dict(callback.headers)
    if forged:
        headers = {
            name: value[::-1] if "Signature" in name else value for name, value in headers.items()
        }
    call = Call("POST", callback.url, tuple(headers.items()), callback.body, callback.due)
    return Incoming(callback.url.rpartition("/")[2], call)


def _caller(entry: HookEntry) -> dict[str, Value]:
    """Return the fields that tell how the callers of a webhook prove themselves."""
    if not entry.way:
        return {}
    secret = SecretStr(entry.secret)
    if entry.way == "basic":
        login: dict[str, Value] = {"caller_user": USER, "caller_password": secret}
        return {"authentication": "basic", **login}
    return {"authentication": entry.way, "hmac_secret": secret}


def _proof(entry: HookEntry) -> dict[str, str]:
    """Return the headers that the simulated provider sends with each call."""
    if entry.way != "basic":
        return {}
    token = base64.b64encode(f"{USER}:{entry.secret}".encode()).decode("ascii")
    return {"Authorization": f"Basic {token}"}
