"""Setting an assessment up, and proposing decisions."""

from datetime import datetime
from functools import cache
from typing import ClassVar, cast
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Decision, Mode, Topic
from assessments.services.setup.preview import JOINT_ONLY, joint_only, titles
from partnerships.models import Partner, Partnership

MOST_LINES, LONGEST = 40, 300  # decisions at once, and letters of one


class SessionDayForm(forms.ModelForm):
    """The day, the hour and the place of the session; the hour is that of a time zone, which is kept and told."""

    session_on = forms.DateField(
        label=_("Day of the session"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    session_time = forms.TimeField(
        label=_("Hour of the session"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    session_zone = forms.ChoiceField(label=_("Time zone"), required=False, widget=forms.Select(attrs={"data-zone": ""}))

    class Meta:
        model = Assessment
        fields: tuple[str, ...] = ("session_zone", "session_place")
        help_texts: ClassVar = {"session_place": _("For example a room, or the link of a video call.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["session_zone"]).choices = [(zone, zone) for zone in zones()]
        zone = self.instance.session_zone or self.initial.get("session_zone") or settings.TIME_ZONE
        self.initial["session_zone"] = zone
        if at := self.instance.session_at:
            at = at.astimezone(ZoneInfo(zone))
            self.initial |= {"session_on": at.date(), "session_time": at.time()}

    def clean(self) -> dict:
        """Put day, hour and time zone together as the moment that is kept."""
        cleaned: dict = super().clean() or {}
        day, hour = cleaned.pop("session_on", None), cleaned.pop("session_time", None)
        zone = cleaned.get("session_zone") or settings.TIME_ZONE
        cleaned["session_at"] = datetime.combine(day, hour, ZoneInfo(zone)) if day and hour else None
        cleaned["session_zone"] = zone if cleaned["session_at"] else ""
        if bool(day) != bool(hour) and not {"session_on", "session_time"} & self.errors.keys():
            self.add_error("session_time" if day else "session_on", _("Give the day and the hour of the session."))
        elif cleaned["session_at"] and "session_on" in self.changed_data and cleaned["session_at"] < timezone.now():
            self.add_error("session_on", _("This date has passed. Choose today or a later day."))
        return cleaned


@cache
def zones() -> list[str]:
    """Return the time zones of places, and UTC."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ["UTC", *sorted(zone for zone in available_timezones() if zone.startswith(regions))]


class SetupForm(SessionDayForm):
    """What an assessment needs before decisions are gathered."""

    mode_wanted = forms.ChoiceField(label=_("How do you go about it?"), widget=forms.RadioSelect)
    funders = forms.ModelMultipleChoiceField(
        label=_("Which partners give money here, or lead?"),
        queryset=Partner.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Their representatives are asked to sign that nothing said here affects grants. Everybody sees who did."
        ),
    )

    class Meta(SessionDayForm.Meta):
        fields = ("mode_wanted", "rating_due", *SessionDayForm.Meta.fields, "title", "phase", "k", "funders")
        labels: ClassVar = {"rating_due": _("Last day to answer")}
        widgets: ClassVar = {
            "rating_due": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "k": forms.NumberInput(attrs={"min": 3, "max": 20}),
        }
        help_texts: ClassVar = SessionDayForm.Meta.help_texts | {
            "title": _("For example “How we decide, 2026”."),
            "k": _(
                "A side with fewer organisations is shown only if all of them agree. It can be raised, not lowered."
            ),
            "rating_due": _(
                "Optional. Everyone sees this day. Both sides can close rating from this day on. Once rating is open, "
                "only both sides together can move it."
            ),
        }

    def __init__(self, *args, partnership: Partnership, **kwargs):
        super().__init__(*args, **kwargs)
        there = partnership.partners.filter(left_at__isnull=True)
        names = {mode.value: title for mode, title in titles().items()} | {JOINT_ONLY: joint_only()}
        cast(forms.ChoiceField, self.fields["mode_wanted"]).choices = list(names.items())
        cast(forms.ModelMultipleChoiceField, self.fields["funders"]).queryset = there
        if self.instance.pk:
            if not self.instance.private_ratings:
                self.initial["mode_wanted"] = JOINT_ONLY
            for name in ("mode_wanted", "k"):
                self.fields[name].disabled = self.instance.first_opened_at is not None
            self.initial["funders"] = list(self.instance.funders.values_list("partner", flat=True))

    def clean(self):
        """Tell the two things apart that the one choice stands for: whether anybody answers before, and who sees it."""
        cleaned: dict = super().clean() or {}
        if way := cleaned.get("mode_wanted"):
            cleaned["private_ratings"] = way != JOINT_ONLY
            if way == JOINT_ONLY:
                cleaned["mode_wanted"] = Mode.BY_SIDE
        return cleaned

    def clean_rating_due(self):
        due = self.cleaned_data["rating_due"]
        if due and due < timezone.localdate():
            raise forms.ValidationError(_("This date has passed."))
        return due


class ProposalForm(forms.Form):
    """Decisions in one's own words, one per line."""

    wording = forms.CharField(
        label=_("Decisions that this partnership takes"),
        max_length=MOST_LINES * 301,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line. For example: dividing the budget among countries."),
    )
    topic = forms.ChoiceField(
        label=_("Topic (optional)"), choices=[("", _("no topic")), *Topic.choices], required=False
    )

    def clean_wording(self) -> list[str]:
        """Return the lines; each is a decision."""
        return lines_of(self.cleaned_data["wording"])


def lines_of(text: str) -> list[str]:
    """Return the lines that say something; too many, or one too long, is an error."""
    lines = [line for typed in text.splitlines() if (line := " ".join(typed.split()))]
    if len(lines) > MOST_LINES:
        raise forms.ValidationError(_("Please give at most %(n)d decisions at once.") % {"n": MOST_LINES})
    if long := next((line for line in lines if len(line) > LONGEST), ""):
        raise forms.ValidationError(_("This decision is too long: “%(start)s…”") % {"start": long[:40]})
    return lines


class OwnProposalForm(forms.Form):
    """A proposal in other words."""

    wording = forms.CharField(label=_("Your proposal"), max_length=LONGEST)


class FirstDecisionsForm(forms.Form):
    """The decisions to begin with: ready sentences to tick, and one's own, one per line."""

    topics = forms.MultipleChoiceField(
        label=_("Decisions that many partnerships take"), required=False, widget=forms.CheckboxSelectMultiple
    )
    wordings = forms.CharField(
        label=_("Your own decisions, one per line"),
        required=False,
        max_length=MOST_LINES * 301,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, offered: list[tuple[str, object]], **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["topics"]).choices = offered
        if not offered:
            del self.fields["topics"]

    def clean_wordings(self) -> list[str]:
        return lines_of(self.cleaned_data["wordings"])


class DecisionForm(forms.ModelForm):
    """A facilitator's wording and topic; the original words stay."""

    class Meta:
        model = Decision
        fields = ("wording", "topic")


class WordingsForm(forms.Form):
    """The decisions in another language: one field each, named by the decision's code."""

    def __init__(self, *args, heads: list[Decision], language: str, fixed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        for head in heads:
            before = head.translations.get(language, "")
            self.fields[head.code] = forms.CharField(
                label=head.wording,
                max_length=300,
                required=False,
                initial=before,
                disabled=head.language == language or bool(fixed and before),
                widget=forms.TextInput(attrs={"lang": language}),
            )

    def texts(self) -> dict[str, str]:
        return {code: text for code, text in self.cleaned_data.items() if not self.fields[code].disabled}
