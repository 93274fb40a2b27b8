"""A page whose form is filled from elsewhere: a paste, a preset; and shown before it is sent."""

from __future__ import annotations

from dataclasses import replace

from textual import work
from textual.binding import Binding

from screens.record_form import VENDOR, RecordFormPage
from smstui.i18n import N_, _
from smstui.providers.curl import parse_curl
from smstui.providers.fields import Offer, Value
from smstui.providers.registry import provider_for, recognise
from smstui.store.records import CredentialRecord

PRESETS_KEY = Binding(
    "ctrl+o",
    "presets",
    N_("Presets"),
    id="credential-form.presets",
    key_display="Ctrl+O",
    tooltip=N_("Fill the form from a starting point for a known provider"),
)
PREVIEW_KEY = Binding(
    "f3",
    "preview",
    N_("Preview"),
    id="credential-form.preview",
    key_display="F3",
    tooltip=N_("Show a message as it would be sent; nothing is sent"),
)
OFFER_KEY = Binding(
    "ctrl+g",
    "take_offer",
    N_("Mend"),
    id="credential-form.offer",
    key_display="Ctrl+G",
    show=False,
    tooltip=N_("Make the change that is offered below a field"),
)


class FillingPage(RecordFormPage[CredentialRecord]):
    """Base of the page of a credential: presets, offers, what is pasted, preview."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the key for presets where the vendor has none."""
        if action == "presets":
            return bool(self._vendor and provider_for(self._vendor).presets())
        return super().check_action(action, parameters)

    # Offers

    async def action_back(self) -> None:
        """Turn an offer down, or go one level back."""
        if self._form is None or not self._form.drop_offer():
            await super().action_back()

    async def action_take_offer(self) -> None:
        """Make the change that is offered below a field."""
        form = self._form
        if form is None or form.offer is None:
            return
        changes = form.offer.changes
        vendor = changes.get(VENDOR)
        if isinstance(vendor, str) and vendor != self._vendor:
            form.put(VENDOR, vendor)
            await self.choose_vendor(vendor)
        await form.fill({key: value for key, value in changes.items() if key != VENDOR})

    def recognise_paste(self, pasted: str) -> Offer | str | None:
        """Return what a paste would fill in, or why it does not fit; None to insert it.

        Bare ids of another vendor are offered only while the form is as good as empty: in a full
        one they may be meant as they stand.
        """
        found = recognise(pasted, self._vendor)
        if found is None or self._form is None:
            return None
        vendor, offer = found
        if replaced := self._form.replaced(offer.changes):
            said = _("This replaces what is in {fields}.").format(fields=", ".join(replaced))
            offer = replace(offer, remark=" ".join(filter(None, (offer.remark, said))))
        if vendor == self._vendor:
            return offer
        if parse_curl(pasted) is None and (self.vendor_is_fixed or self._has_content()):
            return None
        if self.vendor_is_fixed:
            return _(
                "This command is one for {vendor}, and the credential is for {own}. "
                "Nothing was filled in; pasted again, it goes in as it stands."
            ).format(vendor=vendor, own=self._vendor)
        label = _("Switch to {vendor}. {what}").format(vendor=vendor, what=offer.label)
        return replace(offer, label=label, changes={VENDOR: vendor, **offer.changes})

    def _has_content(self) -> bool:
        """Whether something stands in the form beside the vendor and a name."""
        assert self._form is not None  # noqa: S101 - the only caller saw it
        keys = provider_for(self._vendor).model.specs().keys() - {"name"}
        return bool(self._form.replaced(dict.fromkeys(keys)))

    # Presets and preview

    @work(exclusive=True, group="presets", exit_on_error=False)
    async def action_presets(self) -> None:
        """Fill the form from a starting point, after asking when that replaces something."""
        from screens.confirm import ConfirmDialog
        from screens.presets import PresetDialog

        form, vendor = self._form, self._vendor
        if form is None:
            return
        presets = provider_for(vendor).presets()
        preset = await self.app.push_screen_wait(PresetDialog(presets))
        if preset is None:
            return
        # What an earlier preset left behind goes, where this one says nothing.
        specs = provider_for(vendor).model.specs()
        changes: dict[str, Value] = {
            key: specs[key].default for other in presets for key in other.fills
        }
        changes = {key: value for key, value in changes.items() if key not in preset.asks}
        changes |= preset.draft()
        if replaced := form.replaced(changes):
            answer = await self.app.push_screen_wait(
                ConfirmDialog(
                    _("Replace what is typed?"),
                    _("{preset} replaces what is in {fields}.").format(
                        preset=preset.name, fields=", ".join(replaced)
                    ),
                    confirm=_("Replace"),
                    cancel=_("Keep"),
                )
            )
            if not answer:
                return
        await form.fill(changes, preset.asks)

    def action_preview(self) -> None:
        """Show a message as it would be sent with what the form holds now."""
        from screens.preview import PreviewDialog

        if self._form is not None:
            draft = self.record_draft(self._form)
            self.app.push_screen(PreviewDialog(provider_for(self._vendor), draft))
