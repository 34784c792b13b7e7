"""What an assessment needs before decisions are gathered."""

from typing import cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Mode, Topic
from assessments.services.setup.preview import JOINT_ONLY, joint_only, titles
from partnerships.models import Partner, Partnership


class SetupForm(forms.ModelForm):
    """Title, phase, who sees what, and the other settings of an assessment."""

    topics = forms.MultipleChoiceField(
        label=_("Example topics to start the list with"),
        choices=Topic.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Optional. Partners often find a list that is filled in for them top-down; an empty one invites them."
        ),
    )

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

    class Meta:
        model = Assessment
        fields = ("title", "phase", "mode_wanted", "k", "rating_due", "funders", "topics")
        widgets = {
            "rating_due": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "k": forms.NumberInput(attrs={"min": 3, "max": 20}),
        }
        help_texts = {
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
