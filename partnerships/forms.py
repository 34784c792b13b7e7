"""What people are asked about who works together."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partnerships.addresses import canonical
from partnerships.locales import countries
from partnerships.models import ApiToken, Invitation, Partner, Partnership, Role, Side, User

SIDE_HELP = _(
    "The assessment compares how the Northern and the Southern side see things. A side is what an organisation says of "
    "itself, not where it is registered; its own representative confirms it later."
)
IDENTIFIER_HELP = _("For example an IATI or a national registration number. May stay empty.")


def country_choices() -> list[tuple[str, Any]]:
    return [("", _("Choose a country")), *countries()]


class AddressField(forms.EmailField):
    """An e-mail address, in the one form in which it is stored."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return canonical(typed) if typed else typed


def offer(form: forms.BaseForm, name: str, choices: list[tuple[str, Any]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


def offer_partners(form: forms.BaseForm, partnership: Partnership) -> None:
    """Offer the partners that have not left."""
    cast(forms.ModelChoiceField, form.fields["partner"]).queryset = partnership.partners.filter(left_at__isnull=True)


def name_sides(form: forms.BaseForm, side_words: dict[str, str]) -> None:
    """Show each partner with its side."""
    field = cast(forms.ModelChoiceField, form.fields["partner"])
    field.label_from_instance = lambda obj: f"{obj.name} ({side_words[obj.side]})"  # type: ignore[method-assign]


class SignupExtra(forms.Form):
    """What sign-up asks beside the address: the name that others in a partnership see."""

    name = forms.CharField(label=_("Your name"), max_length=120, help_text=_("As the people you work with know you."))

    def signup(self, request, user) -> None:
        """Nothing more to do: the adapter stores the name."""


class PartnershipForm(forms.ModelForm):
    """Name, context and countries."""

    countries = forms.MultipleChoiceField(
        label=_("countries where you work together"),
        choices=countries,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Several may be chosen. May stay empty."),
    )

    class Meta:
        model = Partnership
        fields = ["name", "context", "countries"]
        widgets = {"context": forms.Textarea(attrs={"rows": 3})}


class SettingsForm(PartnershipForm):
    """The same, and this partnership's own words for the sides."""

    class Meta(PartnershipForm.Meta):
        fields = [*PartnershipForm.Meta.fields, "north_label", "south_label", "other_label"]
        help_texts = {
            "north_label": _("Empty: “North”. Some say “international partners”."),
            "south_label": _("Empty: “South”. Some say “national partners”."),
            "other_label": _("Empty: “Other”."),
        }


class PartnerForm(forms.ModelForm):
    """One organisation; `receives_through` is the acronym of another partner."""

    country = forms.ChoiceField(label=_("country"), choices=country_choices)
    side = forms.ChoiceField(label=_("side"), choices=[("", _("Choose a side")), *Side.choices], help_text=SIDE_HELP)
    receives_through = forms.ChoiceField(label=_("receives money here through"), required=False)

    class Meta:
        model = Partner
        fields = ["name", "acronym", "country", "side", "kind", "receives_through", "identifier"]
        help_texts = {"identifier": IDENTIFIER_HELP, "acronym": _("Short, for tables: at most 20 letters.")}

    def __init__(
        self, *args, others: Iterable[Partner] = (), words: dict[str, str] | None = None, fixed: bool = False, **kw
    ):
        super().__init__(*args, **kw)
        choices = [
            (partner.acronym, f"{partner.name} ({partner.acronym})")
            for partner in others
            if partner.pk != self.instance.pk
        ]
        offer(self, "receives_through", [("", _("nobody here, or not applicable")), *choices])
        if words:
            offer(self, "side", [("", _("Choose a side")), *words.items()])
        self.fields["side"].disabled = fixed
        # The side of an imported partner may wait while its other facts are corrected.
        self.fields["side"].required = self.instance.pk is None or self.instance.side is not None
        if through := self.instance.receives_through:
            self.initial["receives_through"] = through.acronym

    def clean_side(self) -> str | None:
        return self.cleaned_data["side"] or None

    def _post_clean(self) -> None:
        """Leave the instance alone: services write, and the database holds what is unique."""


class InviteForm(forms.Form):
    """A way in: for whom, as what, how, and how long."""

    role = forms.ChoiceField(
        label=_("They come as"),
        choices=[
            (Role.REPRESENTATIVE, _("representative: speaks and rates for one partner")),
            (Role.FACILITATOR, _("facilitator: leads the assessment, best one from each side")),
            (Role.OBSERVER, _("observer: reads what is released")),
        ],
        widget=forms.RadioSelect,
    )
    partner = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Partner.objects.none(),
        required=False,
        empty_label=_("they choose themselves"),
    )
    channel = forms.ChoiceField(
        label=_("They get"),
        choices=[
            (Invitation.Channel.LINK, _("a link for one person, which I pass on (WhatsApp, SMS …)")),
            (Invitation.Channel.EMAIL, _("an e-mail")),
            (Invitation.Channel.JOIN_CODE, _("a join code for the whole room, for a projector")),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Name of the person"),
        max_length=120,
        required=False,
        help_text=_("The invitation addresses the person by this name."),
    )
    email = AddressField(label=_("E-mail address"), required=False, help_text=_("Only for an invitation by e-mail."))
    message = forms.CharField(
        label=_("Your own words"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They open the e-mail; the link and the rest are added below."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_("Of the e-mail, and of the pages that the link opens. They can change it."),
    )
    days = forms.IntegerField(
        label=_("Open for how many days?"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=_("Empty: 14 days, and one day for a join code."),
    )

    def __init__(self, *args, partnership: Partnership, **kwargs):
        super().__init__(*args, **kwargs)
        offer_partners(self, partnership)
        offer(self, "language", [("", _("as their browser says")), *settings.LANGUAGES])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("channel") == Invitation.Channel.EMAIL and not data.get("email"):
            self.add_error("email", _("Please give the address that the invitation goes to."))
        if data.get("channel") == Invitation.Channel.JOIN_CODE and data.get("role") == Role.FACILITATOR:
            self.add_error("channel", _("Facilitators are invited one by one, not by a join code."))
        return data


class JoinForm(forms.Form):
    """What somebody is asked who comes in: her organisation if that is left open, and as a guest her name.

    A representative can confirm at once that she speaks for the organisation, and that its side is right.
    """

    partner = forms.ModelChoiceField(
        label=_("Your organisation"), queryset=Partner.objects.none(), empty_label=_("Choose your organisation")
    )
    employer = forms.CharField(label=_("If it is not in the list, which one?"), max_length=160, required=False)
    confirms = forms.BooleanField(
        label=_("I speak for this organisation, and its side is right."),
        required=False,
        help_text=_("If the side is not right, leave this empty. You can correct the side before rating opens."),
    )
    name = forms.CharField(label=_("Your name"), max_length=120, help_text=_("As the others know you."))

    def __init__(self, *args, invitation: Invitation, guest: bool, **kwargs):
        super().__init__(*args, **kwargs)
        represents = invitation.role == Role.REPRESENTATIVE
        if invitation.partner_id:
            del self.fields["partner"]
        else:
            offer_partners(self, invitation.partnership)
            self.fields["partner"].required = represents
            name_sides(self, invitation.partnership.side_words())
        if invitation.partner_id or represents:
            del self.fields["employer"]
        if not represents:
            del self.fields["confirms"]
        if not guest:
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "employer" in self.fields and not data.get("partner") and not data.get("employer"):
            self.add_error("employer", _("Please say which organisation you come from."))
        return data


class CodeForm(forms.Form):
    """A code as somebody types it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class OrganisationForm(forms.Form):
    """A representative's word on her organisation's side."""

    side = forms.ChoiceField(label=_("Its side here is"), widget=forms.RadioSelect, help_text=SIDE_HELP)

    def __init__(self, *args, words: dict[str, str], fixed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "side", list(words.items()))
        self.fields["side"].disabled = fixed


class AccountForm(forms.ModelForm):
    """A person's own name and language."""

    language = forms.ChoiceField(label=_("Language"), required=False)

    class Meta:
        model = User
        fields = ["name", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        offer(self, "language", [("", _("as my browser says")), *settings.LANGUAGES])


class TokenForm(forms.ModelForm):
    """A token's name and how long it is good."""

    days = forms.TypedChoiceField(
        label=_("good for"),
        coerce=int,
        choices=[(30, _("a month")), (90, _("three months")), (365, _("a year"))],
        initial=90,
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = ApiToken
        fields = ["name"]
        help_texts = {"name": _("For example the program that will use it. Only you see this.")}
