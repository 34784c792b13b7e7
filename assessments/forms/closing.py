"""The right of reply, comments and remarks."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REPLY, LONGEST_REMARK = 600, 2000


class Words(forms.CharField):
    """Text whose line ends count as one character, as in the browser's own counting."""

    widget = forms.Textarea

    def to_python(self, value) -> str:
        return super().to_python((value or "").replace("\r\n", "\n")) or ""


class ReplyForm(forms.Form):
    text = Words(
        label=_("Your organisation's reply"),
        required=False,
        max_length=LONGEST_REPLY,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_REPLY, "data-count": LONGEST_REPLY}),
        help_text=_("At most 600 characters, printed in the report under your organisation's name, as they stand."),
    )


class RemarkForm(forms.Form):
    text = Words(
        label=_("Your comment"),
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REMARK}),
        help_text=_("Everybody in the partnership can read it, with your name; it is printed in the report."),
    )
