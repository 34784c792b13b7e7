"""The right of reply, comments and remarks."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.limits import LONGEST_REMARK, LONGEST_REPLY


class Words(forms.CharField):
    """A text whose line ends count as one character, as browsers count them."""

    widget = forms.Textarea

    def to_python(self, value) -> str:
        return super().to_python((value or "").replace("\r\n", "\n")) or ""


class FinalReviewForm(forms.Form):
    """The last day for replies, as it is said aloud."""

    due = forms.DateField(
        label=_("Last day for replies"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "We will tell everyone this date. Until then, the assessment will close only if every organisation has "
            "replied or said that it has nothing to add."
        ),
    )

    def clean_due(self):
        due, today = self.cleaned_data["due"], timezone.localdate()
        if not today < due <= today + timedelta(days=60):
            raise forms.ValidationError(_("Choose a date from tomorrow onwards, within the next 60 days."))
        return due


class ReplyForm(forms.Form):
    text = Words(
        label=_("Your organisation's reply"),
        required=False,
        max_length=LONGEST_REPLY,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_REPLY, "data-count": LONGEST_REPLY}),
        help_text=_(
            "Write at most 600 characters. We will print your reply unchanged in the report, under your "
            "organisation's name."
        ),
    )


class RemarkForm(forms.Form):
    text = Words(
        label=_("Your comment"),
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REMARK}),
        help_text=_(
            "Everyone in the partnership can read your comment and see your name. Your comment will also be printed "
            "in the report."
        ),
    )
