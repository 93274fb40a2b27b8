"""Our own ways to RCS carry out their conversations with the simulated providers, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from smstui.providers.base import Response, Result
from smstui.providers.fields import Value
from smstui.rcs.base import Errand, Progress, Setup, Step, TaskState
from smstui.rcs.routes.registry import route
from smstui.simulator.core import AccountInfo
from smstui.simulator.server import Simulator
from tests.rcs.set_ups import PROFILE, lines_of
from tests.simulator.conftest import HandClock, exchange

PHONE = "+393331234568"
SECRETS = ("auth_token", "api_key", "api_token", "sms_api_token")


class World:
    """A simulator of all providers, its clock, and one set-up that fills itself."""

    def __init__(self, simulator: Simulator, clock: HandClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self.fields: dict[str, Value] = {}

    def begin(self, name: str, vendor: str, **more: Value) -> AccountInfo:
        """Begin a set-up with the account of a provider that has no sender yet."""
        self.route = route(name)
        accounts = self.simulator.accounts
        account = next(a for a in accounts if (a.vendor, a.label) == (vendor, "live, RCS new"))
        known = self.route.account_fields()
        for key, value in account.fields.items():
            if key in known:
                self.fields[key] = SecretStr(value) if key in SECRETS else value
        profile = {k: v for k, v in PROFILE.items() if k in self.route.profile_fields()}
        self.fields |= {**profile, **more}
        return account

    @property
    def setup(self) -> Setup:
        """The set-up as it is filled by now."""
        return Setup("Acme brand", {Step.REGISTER: dict(self.fields)})

    def do(self, key: str, **asked: Value) -> Progress:
        """Carry out an action that is offered, and keep what is learned."""
        assert key in [action.key for action in self.route.actions(self.setup)]
        return self._carry_out(self.route.perform(self.setup, key, asked))

    def ask(self) -> Progress:
        """Ask how it stands."""
        errand = self.route.ask_status(self.setup)
        assert errand is not None
        return self._carry_out(errand)

    def words(self) -> dict[str, str]:
        """Return the words of the status by the names in it."""
        return {name: word for _level, name, word, _state in lines_of(self.ask())}

    def _carry_out(self, errand: Errand) -> Progress:
        request = next(errand)
        while True:
            parts = urlsplit(request.url)
            assert f"{parts.scheme}://{parts.netloc}" == self.simulator.url
            path = f"{parts.path}?{parts.query}"
            headers = dict(request.headers)
            got = exchange(self.simulator.url, request.method, path, request.body, headers)
            try:
                request = errand.send(Response(got.status, tuple(got.headers.items()), got.body))
            except StopIteration as stop:
                progress: Progress = stop.value
                self.fields |= progress.learned
                self.fields |= {k: SecretStr(v) for k, v in progress.secrets.items()}
                return progress


@pytest.fixture
def world() -> Iterator[World]:
    clock = HandClock()
    with Simulator(clock=clock, seed="tests") as simulator:
        yield World(simulator, clock)


def done(progress: Progress) -> Mapping[str, Any]:
    """Return the tasks of something that went well."""
    assert progress.outcome.result is not Result.FAILED, progress.outcome
    return progress.tasks


def test_twilio(world: World) -> None:
    account = world.begin("Twilio", "Twilio", sender_id="rcs:acme_agent")
    done(world.do("create_sender"))
    assert world.fields["sender_sid"]
    done(world.do("create_service", service_name="Acme"))
    done(world.do("attach_sender"))
    assert world.words()["rcs:acme_agent"] == "CREATING"
    world.clock.advance(2)
    world.simulator.invite_tester(account, sender="rcs:acme_agent", number=PHONE)
    world.clock.advance(60)
    progress = world.ask()
    words = {(level, name): word for level, name, word, _state in lines_of(progress)}
    assert words[0, "rcs:acme_agent"] == "ONLINE"
    assert words[2, "WindTre"] == "REJECTED"
    assert (progress.tasks["carriers"], progress.tasks["attach"]) == (TaskState.DONE,) * 2


def test_infobip(world: World) -> None:
    world.begin("Infobip", "Infobip", sender_name="Acme")
    assert done(world.do("create_sender"))["ready"] is TaskState.DOING
    world.clock.advance(3)
    assert world.words()["Acme"] == "READY_FOR_TESTING"
    done(world.do("add_test_number", test_number=PHONE))
    world.clock.advance(1)
    assert world.words()[PHONE] == "WAITING_FOR_TESTER_ACCEPTANCE"
    world.clock.advance(3)
    assert world.words()[PHONE] == "APPROVED"
    done(world.do("refresh_test_number", test_number=PHONE))
    again = world.do("create_sender")
    assert again.outcome.field == "sender_name"


def test_sinch(world: World) -> None:
    use_case = "MULTIUSE"
    world.begin("Sinch", "Sinch RCS", region="eu", use_case=use_case)
    done(world.do("create_sender"))
    assert world.fields["sender_id"]
    early = world.do("add_test_number", test_number=PHONE)
    assert early.outcome.result is Result.FAILED
    world.clock.advance(3)
    done(world.do("add_test_number", test_number=PHONE))
    assert world.do("launch").outcome.result is Result.FAILED
    assert done(world.do("link_app"))["link"] is TaskState.DOING
    world.clock.advance(4)
    progress = world.ask()
    words = {name: word for _level, name, word, _state in lines_of(progress)}
    assert (words["Acme Ltd"], words[PHONE]) == ("IN_TEST", "VERIFIED")
    assert progress.tasks["link"] is TaskState.DONE
    done(world.do("retry_test_number", test_number=PHONE))
    assert world.words()[PHONE] == "UNVERIFIED"
    world.clock.advance(20)
    done(world.do("update_brand"))
    assert done(world.do("launch"))["launch"] is TaskState.DOING
    world.clock.advance(30)
    progress = world.ask()
    assert ("Acme Ltd", "LAUNCHED") in [(n, w) for _level, n, w, _state in lines_of(progress)]
    assert progress.tasks["carriers"] is TaskState.DONE
