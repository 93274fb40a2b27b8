"""The checklist of a set-up by Sinch."""

from __future__ import annotations

from smstui.i18n import N_
from smstui.rcs.base import Task, Where

TASKS = (
    Task(
        "enabled",
        N_("RCS on the project"),
        N_("Have your account manager at Sinch enable RCS on the project."),
        Where.ELSEWHERE,
        N_("Sinch"),
    ),
    Task(
        "app",
        N_("App of the Conversation API"),
        N_("In the Sinch dashboard, in the same region as sender and SMS plan."),
        Where.CONSOLE,
    ),
    Task(
        "sender",
        N_("Create the sender"),
        N_("Region, billing category and use case are fixed from then on."),
        Where.HERE,
        N_("Sinch"),
    ),
    Task(
        "brand",
        N_("Brand and countries"),
        N_("Texts, colour, logo, banner, contacts and pages of the profile."),
        Where.HERE,
    ),
    Task(
        "test_device",
        N_("Test device"),
        N_("20 a day, 200 in all. Inviting a verified one again makes it unverified."),
        Where.HERE,
        N_("the owner of the handset"),
    ),
    Task(
        "link",
        N_("Sender on the app"),
        N_("The app gets the sender's channel; it has to become active before a test."),
        Where.HERE,
        N_("Sinch"),
    ),
    Task(
        "callbacks",
        N_("Webhook of the app"),
        N_("Dashboard, the app, Webhooks: the URL, its secret and its triggers."),
        Where.CONSOLE,
    ),
    Task(
        "questionnaire",
        N_("Questionnaire"),
        N_("Dashboard: general, verification, and a part each for GB, FR and the US."),
        Where.CONSOLE,
    ),
    Task(
        "launch",
        N_("Launch"),
        N_("Possible once the checklist at Sinch is complete. Without a video Sinch adds one."),
        Where.HERE,
        N_("Sinch's and Google's review"),
    ),
    Task(
        "carriers",
        N_("Approval by the carriers"),
        N_("Days to weeks, each carrier by itself."),
        Where.ELSEWHERE,
        N_("the carriers"),
        usual=N_("days to weeks"),
    ),
)
"""In the order in which they are best done; several wait for others at the same time."""
