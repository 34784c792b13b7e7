"""The words of the ladder and of the sides, said the same way on every surface."""

from django.utils.translation import gettext_lazy as _

# The ladder of participation (METHOD §1), from 0 to 4.
LEVELS = {
    0: _("excluded and not informed"),
    1: _("informed only"),
    2: _("consulted beforehand"),
    3: _("co-decides"),
    4: _("decides"),
}
SHORT_LEVELS = {0: _("excluded"), 1: _("informed only"), 2: _("consulted"), 3: _("co-decides"), 4: _("decides")}
DONT_KNOW = _("do not know / not applicable")
NOT_SHOWN = _("Not shown, to protect answers.")
