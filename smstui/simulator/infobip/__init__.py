"""The simulated Infobip: SMS v3, MMS v2, RCS v2, account, senders, hooks, numbers on one host.

Keys (`InfobipVendor.accounts` lists them with what to expect):

=====================  ============================================================================
live                   every scope; senders 385990000099 and DemoBrand, RCS senders DemoSender
                       (launched) and NewSender (reaches its test numbers only)
live, RCS new          every scope, the same SMS senders, and no RCS sender yet
send-only key          sms:message:send; 403 for logs, balance and all else
read-only key          sms:logs:read and account-management:manage; 403 for sending
expired, IP-locked     401, like every key that is unknown: nobody is told which it is
trial                  reaches 385990000199 only (REJECTED_DESTINATION_NOT_REGISTERED), by a sender
                       that it shares with others
no credit              balance 0; every message is REJECTED_NOT_ENOUGH_CREDITS
throttled              429 always, Retry-After 2; the others, at more than 120 reads of logs within
                       a minute
fault, maintenance     500, 503 always
gateway                502 and an HTML page, always
slow                   right answers, each after 60 seconds
=====================  ============================================================================

A message is rejected inside a 200 when the recipient is missing (MISSING_TO) or no number
(REJECTED_DESTINATION), the sender is none of the account's (REJECTED_SOURCE), the text has more
than 25 parts or 4,000 bytes (REJECTED_MESSAGE_TOO_LONG), the id was used before
(REJECTED_DUPLICATE_MESSAGE_ID), or the recipient got more than 20 messages, or 6 of the same text,
within an hour (REJECTED_FLOODING_FILTER). Else the last five digits of the recipient decide:

=====================  ============================================================================
50006 50008 50010      REJECTED inside the 200, by the state of these last digits: 50011 is
50011 50012 50013      REJECTED_SOURCE, 50018 REJECTED_DESTINATION_NOT_REGISTERED, 50100
50014 50017 50018      UNDELIVERABLE_REJECTED_PLATFORM
50019 50020 50021
50087 50100 …
60006 60019 …          accepted, and REJECTED by that state in the logs
20001 20006 20027      UNDELIVERABLE with that error: unknown, absent, invalid number, invalid
20351 20368 20572      sender, campaign, opted out; 20702 is 7002, no RCS: with a failover it is
20603 20702            delivered by that
30002                  DELIVERED_TO_OPERATOR and no more
40098 40101            EXPIRED with error 4098, 4101
00999                  no report ever: EXPIRED_DLR_UNKNOWN when the validity period has ended
00001                  a tester of the RCS sender NewSender
20429 20500 20503      HTTP 429, 500, 503; nothing is sent
00502 00301 00504 …    what `smstui.simulator.tricks` lists: gateway, redirect, slow, broken answers
07867 04357 78278      delivered, and answered: STOP, HELP, START, YES on a phone's keys
00937
anything else          DELIVERED_TO_HANDSET after 2.5 seconds; by RCS seen after 5
=====================  ============================================================================

RCS senders and their test numbers advance by the clock; seconds after they were asked for:

=====  ============================================================================================
       sender
0      PENDING, after each update, too
3      READY_FOR_TESTING
       test number
0      PENDING
1      WAITING_FOR_TESTER_ACCEPTANCE; but FAILED for 20001, UNSUPPORTED for 20702
4      APPROVED; but 00999 waits for a day, and is EXPIRED
       request to launch it in a country (DE, HR, IT, US), once a sender
0 1 2  PENDING, AUTOMATIC_VALIDATION, PENDING_REVIEW; the sender is PENDING_LAUNCH
4 6    IN_REVIEW, IN_PROGRESS
5      UPDATE_REQUESTED when stopMessage does not name STOP; a PATCH lets it begin anew
10 …   one carrier after the other, each 4 seconds: COMPLETED; the sender is LAUNCHED_IN_PROGRESS,
       in the end LAUNCHED, and the request COMPLETED
=====  ============================================================================================

With ``partly`` in its name the last carrier has REJECTED a sender (LAUNCHED_PARTIAL_SUCCESS), with
``rejected`` all have (READY_FOR_TESTING again); with ``update`` its launch stops after 5 seconds at
SENDER_UPDATE_REQUIRED until a PUT. A sender that one carrier has launched reaches everybody.

The calls that hand out each record once exist and do so: /sms/3/reports, /mms/2/reports,
/rcs/2/reports and /sms/1/inbox/reports. How often they were made is told at
/simulator/infobip/report-calls, which is no part of Infobip.

Inbound messages are pushed where the number's setting says, unsigned, else to the subscription;
reports to the message's own addresses, unsigned, else to the subscription. What nobody takes is
pushed once more after a minute.

Where the docs are silent this is our reading: the order of the checks; that MMS are sent by the
same senders as SMS; how a signature is written (see `callbacks`). Not simulated: XML, scheduling,
transliteration, OAuth, keywords of numbers, what the inbox holds but for one, documents, requests
for anything but the launch of an RCS sender, which numbers a carrier reaches.
"""

from __future__ import annotations

from starlette.routing import BaseRoute

from smstui.i18n import _
from smstui.simulator.core import AccountInfo, Callback, Hook, Incoming, World
from smstui.simulator.infobip import inbound, products, requests, sender_api, sending
from smstui.simulator.infobip.accounts import LIVE_NUMBER, VERIFIED_RECIPIENT, Account, Key
from smstui.simulator.infobip.api import State
from smstui.simulator.tricks import Trouble

VENDOR = "Infobip"


class InfobipVendor:
    """Infobip as the simulator offers it."""

    def __init__(self, world: World) -> None:
        self._state = State(world)

    def routes(self) -> list[BaseRoute]:
        """Return its HTTP routes."""
        parts = (sending, products, sender_api, requests)
        return [route for part in parts for route in part.routes(self._state)]

    def set_webhook(self, account: AccountInfo, hook: Hook) -> None:
        """Have an account's events pushed to these URLs."""
        inbound.set_webhook(self._state, self._account_of(account), hook)

    def incoming(self, account: AccountInfo, text: Incoming) -> list[Callback]:
        """Return the call that a subscriber's text makes; none when no URL is set."""
        return inbound.incoming(self._state, self._account_of(account), text)

    def _account_of(self, account: AccountInfo) -> Account:
        return self._state.cast.keys[account.fields["api_key"]].account

    def accounts(self, url: str) -> list[AccountInfo]:
        """Return its logins for a simulator that listens at url."""
        cast = self._state.cast
        notes = {
            Trouble.THROTTLED: _("Always too many requests: 429."),
            Trouble.FAULT: _("Always a fault: 500."),
            Trouble.MAINTENANCE: _("Never available: 503."),
            Trouble.GATEWAY: _("A gateway answers with an HTML page, 502."),
            Trouble.SLOW: _("Answers after 60 seconds."),
        }
        live = _(
            "Every scope. The last five digits of the recipient name the ending: 50011 sender not "
            "registered, 50020 flooding filter, 20027 unreachable, 20603 stopped, 30002 operator "
            "only, 40101 expired, 00999 no report; anything else is delivered."
        )
        return [
            _info(url, "live", cast.live, live),
            _info(
                url,
                "live, by name",
                cast.live,
                _("Sends from DemoBrand."),
                sender_number="DemoBrand",
            ),
            _info(
                url,
                "live, RCS",
                cast.live,
                _("The RCS sender DemoSender is launched; NewSender reaches test numbers only."),
            ),
            _info(
                url,
                "live, RCS new",
                cast.newcomer,
                _("No RCS sender yet; one is ready for testing 3 seconds after it was made."),
            ),
            _info(url, "send-only key", cast.send_only, _("Sends; reading logs is refused, 403.")),
            _info(url, "read-only key", cast.read_only, _("Reads logs; sending is refused, 403.")),
            _info(url, "expired key", cast.expired, _("Its validity has ended: 401.")),
            _info(
                url,
                "IP-locked key",
                cast.locked,
                _("Not allowed from this machine's address: 401."),
            ),
            _info(
                url,
                "trial",
                cast.trial,
                _("Reaches +{number} only; all others are rejected inside a 200.").format(
                    number=VERIFIED_RECIPIENT
                ),
            ),
            _info(
                url, "no credit", cast.unpaid, _("Balance 0; messages are rejected inside a 200.")
            ),
            *(
                _info(url, trouble.value, key, notes[trouble])
                for trouble, key in cast.troubled.items()
            ),
        ]


def _info(url: str, label: str, key: Key, note: str, **fields: str) -> AccountInfo:
    common = {
        "api_base_url": url,
        "api_key": key.value,
        "inbound_number": f"+{LIVE_NUMBER}",
    }
    return AccountInfo(VENDOR, label, common | fields, note)
