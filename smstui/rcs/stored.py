"""RCS set-ups in the store: opened, kept while they are typed, and turned into records.

Screens and command line come here. Every function takes a `Document` and returns it as it is in
the store now; what was typed meanwhile goes on top by `Document.adopting`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from smstui import credentials
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.base import InvalidFields
from smstui.rcs.base import Step
from smstui.rcs.codec import document_from, record_of
from smstui.rcs.document import STEPS, Document
from smstui.store.errors import NotFound
from smstui.webhooks import stored as webhooks

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.records import CredentialRecord
    from smstui.store.webhook_records import WebhookRecord


class CannotGoThere(SmstuiError):
    """A step cannot be reached yet."""

    title = N_("Not yet")


def create(store: Store, name: str, route: str) -> Document:
    """Save a new set-up that stands at its second step.

    Raises:
        InvalidFields: the name is missing or too long, or there is no such provider.
        NameTaken: another set-up has that name.
    """
    document = Document(name, route, Step.PROVIDER).typed(Step.PROVIDER, {"name": name})
    _refuse_errors(document, Step.PROVIDER)
    document = dataclasses.replace(document, step=Step.REGISTER)
    return document_from(store.rcs_setups.add(record_of(document)))


def load(store: Store, id: int) -> Document:  # noqa: A002 - what it is called everywhere
    """Return a stored set-up as a document.

    Webhooks and credential that were changed in their own forms count as they are now;
    ``remarks`` tells of them, and of those that were deleted.

    Raises:
        NotFound: there is none, or no longer.
    """
    document = document_from(store.rcs_setups.get(id))
    return _with_present_credential(store, _with_present_webhooks(store, document))


def remember(store: Store, document: Document) -> Document:
    """Keep what is being typed; the trail is not told of every pause.

    Raises:
        StaleRevision: another session saved it since; ``current`` is the record as it is now: see
            `smstui.rcs.codec.document_from` and `smstui.rcs.versions`.
        NotFound: it was deleted meanwhile.
        NameTaken: another set-up has that name.
    """
    record = store.rcs_setups.remember(
        _id(document), record_of(document), revision=document.revision
    )
    return dataclasses.replace(document, revision=record.revision)


def go(store: Store, document: Document, step: Step) -> Document:
    """Save the document and turn to another step: back always, on as far as all is right.

    Raises:
        CannotGoThere: a step before that one is not done.
        StaleRevision, NotFound, NameTaken: as `remember`.
    """
    if not document.can_go(step):
        raise CannotGoThere(_("Finish the steps before this one first."))
    return _save(store, dataclasses.replace(document, step=step))


def advance(
    store: Store, document: Document, *, new_path: Callable[[], str] = webhooks.new_path
) -> Document:
    """Save the present step and turn to the next one.

    Step 3 makes or changes the webhooks, step 4 the credential, and binds them to each other: all
    of it is kept, or nothing.

    Args:
        store: where to.
        document: the set-up.
        new_path: makes the path of a new webhook's URL.

    Raises:
        InvalidFields: the step has errors; nothing was saved.
        StaleRevision: the set-up, a webhook or the credential was changed elsewhere since.
        NotFound: the set-up was deleted meanwhile.
        NameTaken: a webhook, a credential or another set-up has that name.
    """
    with store.changing():
        document = _kept(store, document, new_path)
        following = STEPS[min(STEPS.index(document.step) + 1, len(STEPS) - 1)]
        return _save(store, dataclasses.replace(document, step=following))


def keep_step(store: Store, document: Document) -> Document:
    """Save the present step with what it makes, and stay there; raises as `advance`."""
    with store.changing():
        return _save(store, _kept(store, document, webhooks.new_path))


def delete(store: Store, document: Document) -> None:
    """Delete a set-up. Its webhooks and its credential stay: they may be at work.

    Raises:
        StaleRevision, NotFound: as `remember`.
    """
    store.rcs_setups.delete(_id(document), revision=document.revision)


def webhooks_of(store: Store, document: Document) -> list[WebhookRecord]:
    """Return the stored webhooks of a set-up, in their order; those deleted meanwhile left out."""
    records = (_webhook(store, hook.id) for hook in document.hooks)
    return [record for record in records if record is not None]


def credential_of(store: Store, document: Document) -> CredentialRecord | None:
    """Return the stored credential of a set-up; None before step 4, or when it was deleted."""
    if document.credential_id is None:
        return None
    try:
        return store.credentials.get(document.credential_id)
    except NotFound:
        return None


def _kept(store: Store, document: Document, new_path: Callable[[], str]) -> Document:
    """Make or change what the present step makes."""
    _refuse_errors(document, document.step)
    if document.step is Step.WEBHOOK:
        return _keep_webhooks(store, document, new_path)
    if document.step is Step.CREDENTIAL:
        return _keep_webhooks(store, _keep_credential(store, document), new_path)
    return document


def _keep_webhooks(store: Store, document: Document, new_path: Callable[[], str]) -> Document:
    """Make or change the webhooks, bound to the credential as soon as there is one."""
    credential = credential_of(store, document)
    is_bound = credential is not None
    for index, hook in enumerate(document.all_hooks):
        draft = document.hook_draft(index)
        if credential is not None:
            draft["credential"] = credential.name
        record = _webhook(store, hook.id)
        if record is None:
            vendor = document.hook_vendor(index).vendor
            path = new_path()
            record = webhooks.create(store, vendor, draft, path=path, is_bound=is_bound)
        else:
            seen = dataclasses.replace(record, revision=hook.revision or record.revision)
            record = webhooks.update(store, seen, draft, is_bound=is_bound)
        kept = dataclasses.replace(hook, id=record.id, revision=record.revision)
        document = document.with_hook(index, kept)
    return document


def _keep_credential(store: Store, document: Document) -> Document:
    """Make or change the credential."""
    draft = document.draft(Step.CREDENTIAL)
    record = credential_of(store, document)
    if record is None:
        record = credentials.create(store, document.route.credential_vendor, draft)
    else:
        revision = document.credential_revision or record.revision
        seen = dataclasses.replace(record, revision=revision)
        record = credentials.update(store, seen, draft)
    return dataclasses.replace(
        document, credential_id=record.id, credential_revision=record.revision
    )


def _save(store: Store, document: Document) -> Document:
    record = store.rcs_setups.replace(
        _id(document), record_of(document), revision=document.revision
    )
    return dataclasses.replace(document, revision=record.revision)


def _with_present_webhooks(store: Store, document: Document) -> Document:
    """Return a document that knows how its webhooks are now."""
    for index, hook in enumerate(document.hooks):
        if hook.id is None:
            continue
        record = _webhook(store, hook.id)
        if record is None:
            gone = dataclasses.replace(hook, id=None, revision=None)
            said = _("A webhook of this set-up was deleted; step 3 makes a new one.")
            document = _remarked(document.with_hook(index, gone), said)
        elif record.revision != hook.revision:
            kept = dataclasses.replace(hook, revision=record.revision)
            draft = {
                name: value
                for name, value in webhooks.stored_draft(record).items()
                if name not in ("type", "credential")
            }
            document = document.with_hook(index, kept).typed_hook(index, draft)
            said = _("The webhook {name} was changed in its own form; that is shown here.")
            document = _remarked(document, said.format(name=record.name))
    return document


def _with_present_credential(store: Store, document: Document) -> Document:
    """Return a document that knows how its credential is now."""
    record = credential_of(store, document)
    if record is None:
        if document.credential_revision is None:
            return document
        gone = dataclasses.replace(document, credential_id=None, credential_revision=None)
        return _remarked(gone, _("The credential was deleted; step 4 makes a new one."))
    if record.revision == document.credential_revision:
        return document
    known = dataclasses.replace(document, credential_revision=record.revision)
    said = _("The credential {name} was changed in its own form; that is shown here.")
    return _remarked(
        known.typed(Step.CREDENTIAL, credentials.stored_draft(record)),
        said.format(name=record.name),
    )


def _remarked(document: Document, said: str) -> Document:
    return dataclasses.replace(document, remarks=(*document.remarks, said))


def _webhook(store: Store, id_: int | None) -> WebhookRecord | None:
    if id_ is None:
        return None
    try:
        return store.webhooks.get(id_)
    except NotFound:
        return None


def _refuse_errors(document: Document, step: Step) -> None:
    errors = document.errors(step)
    if errors:
        raise InvalidFields(errors)


def _id(document: Document) -> int:
    if document.id is None:
        raise NotFound(_("This set-up was not saved yet."))
    return document.id
