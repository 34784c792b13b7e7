"""What those who give money here promised, as every page, form and report says it: signed, withdrawn or not signed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.models import Assessment, Pledge
from partnerships.locales import listed
from partnerships.models import Partner, Partnership


@dataclass(frozen=True)
class PledgeStatus:
    """One partner that gives money here, or leads, and what one of its representatives signed, if anybody did."""

    partner: str
    partner_id: int
    pledge: Pledge | None = None

    @property
    def state(self) -> str:
        if self.pledge is None:
            return "open"
        return "withdrawn" if self.pledge.withdrawn_at else "signed"

    @property
    def sentence(self) -> str:
        """Say it plainly, whatever it is."""
        if self.pledge is None:
            return _("%(partner)s has not signed.") % {"partner": self.partner}
        values = {"partner": self.partner, "name": self.pledge.signed_by, "day": _day(self.pledge.signed_at)}
        if self.pledge.withdrawn_at:
            withdrawn = {**values, "withdrawn": _day(self.pledge.withdrawn_at)}
            return (
                _("%(name)s signed for %(partner)s on %(day)s. The signature was withdrawn on %(withdrawn)s.")
                % withdrawn
            )
        return _("%(name)s signed for %(partner)s on %(day)s.") % values


def _day(moment: datetime) -> str:
    return date_format(timezone.localdate(moment), "DATE_FORMAT")


def pledge_text() -> str:
    """Return what is signed."""
    return _(
        "Nothing that anyone rates or says in an assessment of this partnership will affect grants, appraisals or "
        "reports. We will not try to find out who answered what. Disagreement is what we came to hear."
    )


def pledges_of_funders(assessment: Assessment) -> list[PledgeStatus]:
    """Return the pledges of each partner that gives money here: those that stand, else the last one withdrawn."""
    funders = [funder.partner for funder in assessment.funders.select_related("partner")]
    return _of_partners(funders, _pledges_of(assessment)) if funders else []


def pledges_of_partnership(partnership: Partnership) -> list[PledgeStatus]:
    """Return the pledges that were signed for the whole partnership, by whichever partner."""
    signed = list(partnership.pledges.select_related("membership__user", "partner"))
    return _of_partners(list({pledge.partner_id: pledge.partner for pledge in signed}.values()), signed)


def _of_partners(partners: list[Partner], pledges: list[Pledge]) -> list[PledgeStatus]:
    statuses = []
    for partner in partners:
        own = [pledge for pledge in pledges if pledge.partner_id == partner.pk]
        standing: list[Pledge | None] = [pledge for pledge in own if not pledge.withdrawn_at]
        statuses += [PledgeStatus(partner.name, partner.pk, pledge) for pledge in standing or own[-1:] or [None]]
    return statuses


def _pledges_of(assessment: Assessment) -> list[Pledge]:
    """Return what was signed for an assessment or its partnership; what came after its closing changes nothing."""
    rows = Pledge.objects.filter(Q(assessment=assessment) | Q(partnership=assessment.partnership_id))
    if closed := assessment.closed_at:
        rows = rows.filter(signed_at__lte=closed)
    pledges = list(rows.select_related("membership__user"))
    for pledge in pledges:
        if closed and pledge.withdrawn_at and pledge.withdrawn_at > closed:
            pledge.withdrawn_at = None
    return pledges


def lines(assessment: Assessment) -> list[str]:
    """Return what stands above the first question, and in the report: the pledge, and who signed it."""
    return pledge_lines(pledges_of_funders(assessment))


def unsigned(assessment: Assessment) -> list[str]:
    """Say what is not signed, before people are asked to answer: it is best signed first, and nobody has to."""
    open_ones = [status.partner for status in pledges_of_funders(assessment) if status.state != "signed"]
    if not open_ones:
        return []
    return [
        _(
            "These partners have not signed the pledge: %(partners)s. Ask them to sign first. Otherwise, everyone "
            "will see that these partners have not signed."
        )
        % {"partners": listed(open_ones)}
    ]


def pledge_lines(statuses: list[PledgeStatus]) -> list[str]:
    """Say what was given, in the active language."""
    if not statuses:
        return [_("No partner is listed as a funder or lead partner, so no one has been asked to sign a pledge.")]
    asked = _("Funders and lead partners were asked to sign: “%(words)s”") % {"words": pledge_text()}
    return [asked, *(status.sentence for status in statuses)]
