"""What people are asked about who works together."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partnerships.addresses import canonical
from partnerships.locales import countries
from partnerships.models import ApiToken, Invitation, Partner, Partnership, Role, Side, User, WrongText

SIDE_HELP = _(
    "The assessment compares the views of Northern and Southern partners. Each organisation declares its own side. "
    "The country of registration does not determine the side. The organisation's representative will confirm the "
    "side later."
)
IDENTIFIER_HELP = _(
    "Enter, for example, an IATI identifier or a national registration number. You can leave this empty."
)


def hide_side_help(form: forms.BaseForm) -> None:
    """Leave out the help of the side, which says that a representative will confirm it later."""
    form.fields["side"].help_text = ""


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

    name = forms.CharField(
        label=_("Your name"), max_length=120, help_text=_("Use the name that the people you work with will recognise.")
    )

    def signup(self, request, user) -> None:
        """Nothing more to do: the adapter stores the name."""


class PartnershipForm(forms.ModelForm):
    """Name, context and countries."""

    countries = forms.MultipleChoiceField(
        label=_("countries where you work together"),
        choices=countries,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("You can choose several countries, or leave this empty."),
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
            "north_label": _("If you leave this empty, we will use “North”. Some partnerships say “international”."),
            "south_label": _("If you leave this empty, we will use “South”. Some partnerships say “national”."),
            "other_label": _("If you leave this empty, we will use “Other”."),
        }


class PartnerForm(forms.ModelForm):
    """One organisation; `receives_through` is the acronym of another partner."""

    country = forms.ChoiceField(label=_("country"), choices=country_choices)
    side = forms.ChoiceField(label=_("side"), choices=[("", _("Choose a side")), *Side.choices], help_text=SIDE_HELP)
    receives_through = forms.ChoiceField(label=_("receives money through"), required=False)

    class Meta:
        model = Partner
        fields = ["name", "acronym", "country", "side", "kind", "receives_through", "identifier"]
        help_texts = {
            "identifier": IDENTIFIER_HELP,
            "acronym": _("The acronym appears in tables. Use at most 20 letters."),
        }

    def __init__(
        self, *args, others: Iterable[Partner] = (), words: dict[str, str] | None = None, fixed: bool = False, **kw
    ):
        super().__init__(*args, **kw)
        choices = [
            (partner.acronym, f"{partner.name} ({partner.acronym})")
            for partner in others
            if partner.pk != self.instance.pk
        ]
        offer(self, "receives_through", [("", _("None of these partners, or not applicable")), *choices])
        if words:
            offer(self, "side", [("", _("Choose a side")), *words.items()])
        self.fields["side"].disabled = fixed
        if self.instance.side_confirmed_at:
            hide_side_help(self)
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
        label=_("Role"),
        choices=[
            (Role.REPRESENTATIVE, _("Representative: speaks and answers for one partner")),
            (Role.FACILITATOR, _("Facilitator: leads the assessment (ideally one from each side)")),
            (Role.OBSERVER, _("Observer: reads the results")),
        ],
        widget=forms.RadioSelect,
    )
    partner = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Partner.objects.none(),
        required=False,
        empty_label=_("Let the person choose"),
    )
    channel = forms.ChoiceField(
        label=_("How would you like to invite them?"),
        choices=[
            (
                Invitation.Channel.LINK,
                _("A link for one person, which I will send myself (by WhatsApp or SMS, for example)"),
            ),
            (Invitation.Channel.EMAIL, _("An e-mail to one person")),
            (Invitation.Channel.JOIN_CODE, _("A join code in the projector view, for everyone in the room")),
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Name of the person"),
        max_length=120,
        required=False,
        help_text=_("The invitation will address the person by this name."),
    )
    email = AddressField(
        label=_("E-mail address"),
        required=False,
        help_text=_("You need to enter the address only if you invite the person by e-mail."),
    )
    message = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The e-mail will begin with your message. We will add the link and an explanation below it."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_(
            "The e-mail and the pages that the link opens will be in this language. The person can change the language."
        ),
    )
    days = forms.IntegerField(
        label=_("Number of days until the invitation or code expires"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=_("If you leave this empty, an invitation will expire after 14 days, and a join code after one day."),
    )

    def __init__(self, *args, partnership: Partnership, **kwargs):
        super().__init__(*args, **kwargs)
        offer_partners(self, partnership)
        offer(self, "language", [("", _("Language of the person's browser")), *settings.LANGUAGES])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("channel") == Invitation.Channel.EMAIL and not data.get("email"):
            self.add_error("email", _("Please enter the person's e-mail address."))
        if data.get("channel") == Invitation.Channel.JOIN_CODE and data.get("role") == Role.FACILITATOR:
            self.add_error("channel", _("You cannot invite facilitators with a join code. Choose a link or an e-mail."))
        return data


class JoinForm(forms.Form):
    """What somebody is asked who comes in: her organisation if that is left open, and as a guest her name.

    A representative can confirm at once that she speaks for the organisation, and that its side is right.
    """

    partner = forms.ModelChoiceField(
        label=_("Your organisation"), queryset=Partner.objects.none(), empty_label=_("Choose your organisation")
    )
    employer = forms.CharField(
        label=_("Name of your organisation, if it is not in the list"), max_length=160, required=False
    )
    confirms = forms.BooleanField(
        label=_("I represent this organisation, and its side is correct."),
        required=False,
        help_text=_("If the side is wrong, do not tick this box. You can correct the side before rating opens."),
    )
    name = forms.CharField(
        label=_("Your name"), max_length=120, help_text=_("Use the name by which others in the partnership know you.")
    )

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
            self.add_error("employer", _("Please choose your organisation, or type its name."))
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

    side = forms.ChoiceField(label=_("Side of your organisation"), widget=forms.RadioSelect, help_text=SIDE_HELP)

    def __init__(self, *args, words: dict[str, str], fixed: bool, confirmed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "side", list(words.items()))
        self.fields["side"].disabled = fixed
        if confirmed:
            hide_side_help(self)


class AccountForm(forms.ModelForm):
    """A person's own name and language."""

    language = forms.ChoiceField(label=_("Language"), required=False)

    class Meta:
        model = User
        fields = ["name", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        offer(self, "language", [("", _("Language of my browser")), *settings.LANGUAGES])


class TokenForm(forms.ModelForm):
    """A token's name and how long it is good."""

    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=[(30, _("One month")), (90, _("Three months")), (365, _("One year"))],
        initial=90,
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = ApiToken
        fields = ["name"]
        help_texts = {
            "name": _("For example, the name of the software that uses this token. Only you can see this name.")
        }


class WrongTextForm(forms.ModelForm):
    """Which text of this website is wrong, and in which language. It asks for nothing about the reader."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = WrongText
        fields = ["language", "page", "present_text", "better_text"]
        labels = {
            "page": _("Page (optional)"),
            "present_text": _("Current text"),
            "better_text": _("Suggested text (optional)"),
        }
        help_texts = {"page": _("For example, the title of the page or the subject of the e-mail.")}
        widgets = {
            "page": forms.TextInput(attrs={"dir": "auto"}),
            "present_text": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "better_text": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        }
