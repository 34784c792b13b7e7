"""What an assessment needs before decisions are gathered."""

from datetime import datetime
from functools import cache
from typing import ClassVar, cast
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import MODE_TITLES, Assessment, Mode
from assessments.services.setup.preview import JOINT_ONLY, joint_only
from partnerships.models import Partner, Partnership


class SessionDayForm(forms.ModelForm):
    """The day, the hour and the place of the session; the hour is that of a time zone, which is kept and told."""

    session_on = forms.DateField(
        label=_("Session date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    session_time = forms.TimeField(
        label=_("Session time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    session_zone = forms.ChoiceField(label=_("Time zone"), required=False, widget=forms.Select(attrs={"data-zone": ""}))

    class Meta:
        model = Assessment
        fields: tuple[str, ...] = ("session_zone", "session_place")
        help_texts: ClassVar = {"session_place": _("Enter, for example, a room or the link to a video call.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["session_zone"]).choices = [(zone, zone) for zone in zones()]
        zone = self.instance.session_zone or self.initial.get("session_zone") or settings.TIME_ZONE
        self.initial["session_zone"] = zone
        if at := self.instance.session_at:
            at = at.astimezone(ZoneInfo(zone))
            self.initial["session_on"], self.initial["session_time"] = at.date(), at.time()

    def clean(self) -> dict:
        """Put day, hour and time zone together as the moment that is kept."""
        cleaned: dict = super().clean() or {}
        if "session_on" not in self.fields:
            return cleaned
        day, hour = cleaned.pop("session_on", None), cleaned.pop("session_time", None)
        zone = cleaned.get("session_zone") or settings.TIME_ZONE
        cleaned["session_at"] = datetime.combine(day, hour, ZoneInfo(zone)) if day and hour else None
        cleaned["session_zone"] = zone if cleaned["session_at"] else ""
        if bool(day) != bool(hour) and not {"session_on", "session_time"} & self.errors.keys():
            self.add_error("session_time" if day else "session_on", _("Enter the date and time of the session."))
        elif cleaned["session_at"] and "session_on" in self.changed_data and cleaned["session_at"] < timezone.now():
            self.add_error("session_on", _("This date has passed. Choose today or a later date."))
        return cleaned

    def leave_session_out(self) -> None:
        """Ask for nothing about the session: it has a page of its own, which tells everyone."""
        for name in ("session_on", "session_time", "session_zone", "session_place"):
            del self.fields[name]


@cache
def zones() -> list[str]:
    """Return the time zones of places, and UTC."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ["UTC", *sorted(zone for zone in available_timezones() if zone.startswith(regions))]


class SetupForm(SessionDayForm):
    """Title, phase, who sees what, and the other settings of an assessment."""

    mode_wanted = forms.ChoiceField(label=_("How will you do this assessment?"), widget=forms.RadioSelect)
    funders = forms.ModelMultipleChoiceField(
        label=_("Which partners fund or lead this partnership?"),
        queryset=Partner.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_pk_value": _("Choose only partners on the list.")},
        help_text=_(
            "We will ask the representatives of these partners to sign a pledge. It says that nothing said in this "
            "assessment will affect grants. Everyone can see who has signed it."
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
            "title": _("Enter, for example, “How we decide, 2026”."),
            "k": _(
                "A side with fewer organisations than this number is shown only if all of them agree. You can raise "
                "this number, but not lower it."
            ),
            "rating_due": _(
                "This date is optional, and everyone can see it. From this date onwards, the two sides can close "
                "rating together. Once rating is open, only the two sides together can change the date."
            ),
        }

    def __init__(self, *args, partnership: Partnership, **kwargs):
        super().__init__(*args, **kwargs)
        there = partnership.partners.filter(left_at__isnull=True)
        names = MODE_TITLES | {JOINT_ONLY: joint_only()}
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
            raise forms.ValidationError(_("This date has passed. Choose today or a later date."))
        return due
