"""The checks that ask nobody: what they look at, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smstui.channels import senders
from smstui.channels.base import Channel, Check, SmsType
from smstui.channels.fields import CREDENTIAL, SENDER, SMS_TYPE, channel_of, check
from smstui.channels.stored import asked_draft, credential_names
from smstui.credentials import to_credential
from smstui.errors import SmstuiError
from smstui.i18n import _, ngettext
from smstui.providers.base import Credential, Provider, Result
from smstui.providers.fields import Draft, Issue, Severity, joined_words, text_of, words_of
from smstui.providers.phone import phone_note
from smstui.providers.registry import provider_for
from smstui.store.channel_records import ChannelRecord, ChannelRow
from smstui.store.errors import NotFound
from smstui.store.records import CredentialRecord, ListQuery
from smstui.store.webhook_records import WebhookRecord
from smstui.text import fold, shorten_middle
from smstui.webhooks.base import WebhookType, WebhookVendor
from smstui.webhooks.keywords import WORD_FIELDS
from smstui.webhooks.linter import BOTH, lint, stop_blocks_both
from smstui.webhooks.stored import stored_draft as webhook_draft
from smstui.webhooks.vendors.registry import webhook_vendors

if TYPE_CHECKING:
    from smstui.store import Store


@dataclass(frozen=True, slots=True)
class Subject:
    """What a run looks at, as the store had it when the run began.

    Attributes:
        draft: the configuration, or the change to it that is asked for.
        names: the credentials that it may name.
        credential: the one that it names, None for none.
        inbound: webhooks that take texts to this credential's senders.
        feedback: webhooks that take what becomes of its messages.
        others: other active configurations with the same sender.
    """

    draft: Draft
    names: tuple[str, ...]
    credential: CredentialRecord | None
    inbound: tuple[WebhookRecord, ...]
    feedback: tuple[WebhookRecord, ...]
    others: tuple[ChannelRow, ...]

    @property
    def channel(self) -> str:
        """What its messages are."""
        return channel_of(self.draft)

    @property
    def sms_type(self) -> str:
        """Marketing or Transactional."""
        return text_of(self.draft.get(SMS_TYPE))

    @property
    def sender(self) -> str:
        """What is in *Sender number*."""
        return text_of(self.draft.get(SENDER))

    @property
    def is_one_way(self) -> bool:
        """Whether its sender is a name, which receives nothing."""
        return senders.kind_of(self.sender, self.channel) is senders.SenderKind.NAME


def gather(store: Store, record: ChannelRecord) -> Subject:
    """Read what the checks of a configuration look at; done where the store lives."""
    here = store.acting_in(record.environment_id)
    draft = asked_draft(record)
    try:
        credential = here.credentials.by_name(text_of(draft.get(CREDENTIAL)))
    except NotFound:
        credential = None
    webhooks = _webhooks(here, credential) if credential is not None else []
    return Subject(
        draft=draft,
        names=tuple(credential_names(here, channel_of(draft))),
        credential=credential,
        inbound=tuple(w for w in webhooks if w.type != WebhookType.FEEDBACK and w.credential_id),
        feedback=tuple(w for w in webhooks if w.type != WebhookType.INBOUND),
        others=tuple(here.channels.with_sender(text_of(draft.get(SENDER)), but=record.id)),
    )


def _webhooks(store: Store, credential: CredentialRecord) -> list[WebhookRecord]:
    """Return the webhooks that are called for a credential; reports may name none."""
    takes = {vendor.vendor for vendor in _vendors(credential.vendor)}
    records = (store.webhooks.get(number) for number in store.webhooks.ids(ListQuery()))
    return [
        record
        for record in records
        if record.vendor in takes and record.credential_id in (None, credential.id)
    ]


def _vendors(vendor: str) -> list[WebhookVendor]:
    return [each for each in webhook_vendors().values() if vendor in each.credential_vendors]


def judge_fields(subject: Subject) -> Check:
    """Return whether the form is filled in rightly; the sender has a check of its own."""
    issues = [i for i in check(subject.draft, subject.names) if i.field != SENDER]
    if not subject.sender:
        issues.append(Issue(SENDER, _("Sender number is missing.")))
    return _of_issues("fields", issues, _("filled in as Adobe asks"), word=_("fields wrong"))


def judge_credential(
    subject: Subject,
) -> tuple[Check, tuple[Provider[Any], Credential] | None]:
    """Return whether there is a credential that carries the channel; and who answers for it."""
    record = subject.credential
    if record is None:
        return _failed(
            "credential",
            _("no credential"),
            _("It names no API credentials, or they were deleted."),
            _("Choose API credentials in Mobile configuration."),
        ), None
    try:
        provider = provider_for(record.vendor)
        credential = to_credential(record)
    except SmstuiError as error:
        return _failed(
            "credential",
            _("{name} needs mending").format(name=record.name),
            error.message,
            _("Open the API credentials, and correct them."),
        ), None
    channels = provider.channels(credential)
    said = _("{name}: {vendor}, carries {channels}").format(
        name=shorten_middle(record.name, 40),
        vendor=record.vendor,
        channels=joined_words(channels),
    )
    if subject.channel in channels:
        return Check("credential", Result.PASSED, said), (provider, credential)
    return _failed(
        "credential",
        said,
        _("These credentials do not carry {channel}.").format(channel=subject.channel),
        _("Choose others in Mobile configuration, or another channel."),
        word=_("wrong channel"),
    ), None


def judge_kind(subject: Subject) -> Check:
    """Return whether the kind of sender fits the channel, the SMS Type and the countries."""
    if not subject.sender:
        return Check("kind", Result.SKIPPED, _("there is no sender"))
    countries = words_of(subject.draft.get("countries"))
    said = senders.judge(subject.sender, subject.channel, subject.sms_type, countries)
    issues = [Issue(SENDER, message, severity) for severity, message in said]
    note = phone_note(subject.sender) or _KINDS[senders.kind_of(subject.sender, subject.channel)]()
    summary = _("{sender}: {kind}, for {channel}").format(
        sender=shorten_middle(subject.sender, 30), kind=note, channel=subject.channel
    )
    return _of_issues("kind", issues, summary, word=_("sender unfit"))


_KINDS: dict[senders.SenderKind, Callable[[], str]] = {
    senders.SenderKind.NUMBER: lambda: _("a number"),
    senders.SenderKind.SHORT_CODE: lambda: _("a short code"),
    senders.SenderKind.NAME: lambda: _("a name"),
    senders.SenderKind.AGENT: lambda: _("an RCS sender"),
}


def judge_webhook(subject: Subject) -> tuple[Check, tuple[int, ...]]:
    """Return whether the webhooks are there that the vendor needs, and which it counts on."""
    record = subject.credential
    if record is None:
        return Check("webhook", Result.SKIPPED, _("without credential nobody calls")), ()
    if subject.channel == Channel.MMS:
        said = _("MMS has none: replies and consent are those of SMS")
        return Check("webhook", Result.SKIPPED, said), ()
    needed = [vendor for vendor in _vendors(record.vendor) if vendor.is_needed]
    if not needed:
        said = _("Adobe takes none of {vendor}").format(vendor=record.vendor)
        return Check("webhook", Result.SKIPPED, said), ()
    names = {vendor.vendor for vendor in needed}
    inbound = [w for w in subject.inbound if w.vendor in names]
    feedback = [w for w in subject.feedback if w.vendor in names]
    used = {webhook.id: webhook for webhook in (*inbound, *feedback)}
    wanted = next(iter(names)) if len(names) == 1 else record.vendor
    if not inbound and not subject.is_one_way:
        return _inbound_missing(subject, wanted), tuple(used)
    if not feedback:
        return Check(
            "webhook",
            Result.WARNED,
            _("none for feedback"),
            cause=_("Nobody is told what becomes of the messages."),
            next_step=_("Create a webhook for feedback of {vendor}.").format(vendor=wanted),
            word=_("no feedback"),
        ), tuple(used)
    other = [w for w in inbound if not _receives_for(w, subject.sender)]
    if inbound and len(other) == len(inbound) and subject.channel == Channel.SMS:
        return Check(
            "webhook",
            Result.WARNED,
            _("{name} is another sender's").format(name=shorten_middle(other[0].name, 40)),
            cause=_("Its Sender Phone Number is not the sender of this configuration."),
            next_step=_("Compare both numbers."),
            word=_("other sender"),
        ), tuple(used)
    names_said = joined_words(webhook.name for webhook in used.values())
    return Check("webhook", Result.PASSED, shorten_middle(names_said, 60)), tuple(used)


def _inbound_missing(subject: Subject, wanted: str) -> Check:
    is_marketing = subject.sms_type == SmsType.MARKETING
    return Check(
        "webhook",
        Result.FAILED if is_marketing else Result.WARNED,
        _("none takes replies"),
        cause=_("Nobody hears a STOP, and marketing may not go on after one.")
        if is_marketing
        else _("Nobody hears what recipients answer, a STOP for instance."),
        next_step=_("Create a webhook of {vendor} that names these API credentials.").format(
            vendor=wanted
        ),
        word=_("no webhook"),
    )


def _receives_for(webhook: WebhookRecord, sender: str) -> bool:
    return fold(str(webhook.fields.get("sender_phone_number", ""))) == fold(sender)


def judge_keywords(subject: Subject) -> Check:
    """Return whether the keywords of the webhooks are sane."""
    if subject.is_one_way:
        return Check("keywords", Result.SKIPPED, _("a name receives nothing"))
    if not subject.inbound:
        return Check("keywords", Result.SKIPPED, _("there is no webhook with keywords"))
    issues = [
        Issue(webhook.name, f"{webhook.name}: {issue.message}", issue.severity)
        for webhook in subject.inbound
        for issue in _lint(webhook)
    ]
    count = len(subject.inbound)
    said = ngettext("in order, in {n} webhook", "in order, in {n} webhooks", count)
    return _of_issues("keywords", issues, said.format(n=count), word=_("keywords wrong"))


def _lint(webhook: WebhookRecord) -> Iterable[Issue]:
    """Yield what is wrong with the words themselves; what replies say is the webhook's affair."""
    vendor = webhook_vendors().get(webhook.vendor)
    if vendor is None:
        return
    for issue in lint(webhook_draft(webhook), vendor.own_answers):
        if issue.severity is Severity.ERROR or issue.field in WORD_FIELDS.values():
            yield issue


def judge_purpose(subject: Subject) -> Check:
    """Return whether one sender serves Marketing and Transactional both."""
    if not subject.sender or not subject.sms_type:
        return Check("purpose", Result.SKIPPED, _("there is no sender, or no SMS Type"))
    others = [row.name for row in subject.others if row.sms_type != subject.sms_type]
    serving = [
        webhook.name
        for webhook in subject.inbound
        if webhook.fields.get("serves", subject.sms_type) in (BOTH, _other_type(subject.sms_type))
        and _receives_for(webhook, subject.sender)
    ]
    if others or serving:
        return Check(
            "purpose",
            Result.WARNED,
            _("shared with {names}").format(names=shorten_middle(joined_words(others), 40))
            if others
            else _("{name} says that it serves the other type").format(name=serving[0]),
            cause=stop_blocks_both(),
            word=_("shared sender"),
        )
    said = _("{sender} sends {type} alone")
    return Check(
        "purpose",
        Result.PASSED,
        said.format(sender=shorten_middle(subject.sender, 30), type=_(subject.sms_type)),
    )


def _other_type(sms_type: str) -> str:
    return next(str(each) for each in SmsType if each != sms_type)


def _of_issues(name: str, issues: Sequence[Issue], summary: str, *, word: str) -> Check:
    """Return the check that issues come to: the errors first, all of them as the reason."""
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if not issues:
        return Check(name, Result.PASSED, summary)
    first = (errors or list(issues))[0]
    return Check(
        name,
        Result.FAILED if errors else Result.WARNED,
        first.message if errors else summary,
        cause=" ".join(issue.message for issue in (errors or issues)),
        word=word,
    )


def _failed(name: str, summary: str, cause: str, next_step: str, *, word: str = "") -> Check:
    return Check(
        name, Result.FAILED, summary, cause=cause, next_step=next_step, word=word or summary[:24]
    )
