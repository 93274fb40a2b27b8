"""``smstui credentials rotate``: a second secret staged, verified, promoted, rolled back."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any, TextIO

import click

from smstui.commands.common import (
    EXIT_REFUSED,
    Invocation,
    confirm_or_stop,
    confirm_production,
    emit,
    say,
)
from smstui.commands.options import json_option, production_option, yes_option
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.text import clean
from smstui.times import iso

if TYPE_CHECKING:
    from smstui.providers.fields import Value
    from smstui.rotation import Member
    from smstui.store import Store


@click.command("rotate")
@click.argument("name")
@click.option(
    "--stage",
    "source",
    type=click.File("r", encoding="utf-8"),
    help='Stage the secret in this file, - for stdin: the secret itself, or {"auth_token": "…"}.',
)
@click.option("--ask", is_flag=True, help="Stage a secret that is asked for at the terminal.")
@click.option("--field", metavar="FIELD", help="Which secret, where there are several.")
@click.option("--verify", is_flag=True, help="Probe with the staged secret; nothing is sent.")
@click.option("--promote", is_flag=True, help="Put it in use; the one before is kept.")
@click.option("--unverified", is_flag=True, help="Promote what was not seen to work.")
@click.option("--roll-back", is_flag=True, help="Put the one before in use again.")
@click.option("--discard", is_flag=True, help="Forget the one that is not in use; asks first.")
@click.option(
    "--account",
    "everywhere",
    is_flag=True,
    help="For all credentials with the same secret, in all environments: all of them or none.",
)
@yes_option
@production_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    source: TextIO | None,
    ask: bool,
    field: str | None,
    verify: bool,
    promote: bool,
    unverified: bool,
    roll_back: bool,
    discard: bool,
    everywhere: bool,
    yes: bool,
    production: str,
    as_json: bool,
) -> None:
    """Rotate a secret of the credential NAME; without any step, tell how that stands.

    Steps may be given together: --stage FILE --verify --promote promotes only what passed.
    A secret is never an argument. The exit status is 1 when a staged secret does not pass.
    """
    from smstui import rotation
    from smstui.rotation import Phase

    is_forward = bool(source or ask or verify or promote)
    if roll_back + discard + is_forward > 1:
        raise click.UsageError(_("--roll-back and --discard go alone."))
    if source is not None and ask:
        raise click.UsageError(_("Give --stage or --ask, not both."))
    invocation: Invocation = ctx.obj
    with invocation.open_store() as store:
        members = _members(store, name, everywhere=everywhere)
        if source is not None or ask:
            members = rotation.stage(store, members, _draft(members[0], source, field))
        if verify:
            members = asyncio.run(_verified(store, members))
        passed = not any(member.phase is Phase.FAILED for member in members)
        if promote and (passed or unverified):
            members = rotation.promote(store, members, unproven=unverified)
        if roll_back:
            members = rotation.roll_back(store, members)
        if discard:
            kept = [member for member in members if member.rotation is not None] or members[:1]
            question = _("Forget the secret of {name} that is not in use?")
            confirm_or_stop(question.format(name=clean(name)), yes=yes)
            for environment_id in dict.fromkeys(m.record.environment_id for m in kept):
                confirm_production(store.acting_in(environment_id), production)
            done = {m.record.id: m for m in rotation.discard(store, kept)}
            members = [done.get(member.record.id, member) for member in members]
    if as_json:
        emit({"credentials": [_record(member) for member in members]})
    else:
        for member in members:
            _tell(member)
    ctx.exit(0 if passed else EXIT_REFUSED)


def _members(store: Store, name: str, *, everywhere: bool) -> list[Member]:
    from smstui.rotation import members_of

    members = members_of(store, store.credentials.by_name(name))
    return [member for member in members if member.is_same] if everywhere else members[:1]


async def _verified(store: Store, members: list[Member]) -> list[Member]:
    from smstui.proving import keep_proof, verify_staged

    runs = verify_staged(members)
    found = {member.record.id: keep_proof(store, member, run) async for member, run in runs}
    return [found[member.record.id] for member in members]


def _draft(member: Member, source: TextIO | None, field: str | None) -> dict[str, Value]:
    """Return the new values by the names of their fields; they come from a file or a person.

    Raises:
        SmstuiError: there is nothing to read, it is no text, or there is nobody to ask.
        InvalidFields: a field is unknown, or has a value of the wrong type.
    """
    from pydantic import SecretStr

    from smstui.importing import draft_from_json
    from smstui.rotation import rotatable

    specs = rotatable(member.record)
    text = _asked() if source is None else _read(source)
    values = _object_in(text)
    if values is None:
        chosen = _chosen(member, field)
        return {chosen: SecretStr(specs[chosen].tidy(text).value)} if chosen in specs else {}
    return draft_from_json(specs, member.record.vendor, values)


def _read(source: TextIO) -> str:
    from smstui.importing import InvalidImport

    try:
        return source.read()
    except UnicodeDecodeError:
        # Not its cause: that holds what is in the file.
        raise InvalidImport([_("The file is not UTF-8 text.")]) from None


def _object_in(text: str) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except (RecursionError, ValueError):
        return None
    return document if isinstance(document, dict) else None


def _chosen(member: Member, field: str | None) -> str:
    """Return the secret that a bare text is for: the named one, or the only one."""
    from smstui.rotation import rotatable

    secrets = [name for name, spec in rotatable(member.record).items() if spec.is_secret]
    if field is not None:
        if field not in secrets:
            raise click.UsageError(
                _("--field is one of: {names}.").format(names=", ".join(secrets))
            )
        return field
    in_use = [name for name in secrets if name in member.record.secrets]
    if len(in_use) != 1:
        said = _("Say which secret with --field: {names}.")
        raise click.UsageError(said.format(names=", ".join(in_use or secrets)))
    return in_use[0]


def _asked() -> str:
    if not sys.stdin.isatty():
        raise SmstuiError(
            _("Give it by --stage FILE, or by --stage - on stdin."), title=N_("Nobody can be asked")
        )
    secret = click.prompt(_("The new secret"), hide_input=True, confirmation_prompt=True, err=True)
    return str(secret)


def _tell(member: Member) -> None:
    from smstui.rotation_words import phase_line

    say(f"{clean(member.record.name)} ({clean(member.environment)}): {phase_line(member)}")


def _record(member: Member) -> dict[str, Any]:
    from smstui.rotation import account_of

    rotation = member.rotation
    proof = rotation.proof if rotation is not None else None
    return {
        "name": member.record.name,
        "vendor": member.record.vendor,
        "environment": member.environment,
        "account": account_of(member.record)[1],
        "phase": member.phase.value,
        "fields": list(rotation.names) if rotation is not None else [],
        "staged_by": rotation.staged_by if rotation is not None else "",
        "staged_at": iso(rotation.staged_at) if rotation is not None else None,
        "promoted_at": (
            iso(rotation.promoted_at) if rotation is not None and rotation.promoted_at else None
        ),
        "proof": (
            {"result": proof.result, "word": proof.word, "summary": proof.summary}
            if proof is not None
            else None
        ),
    }
