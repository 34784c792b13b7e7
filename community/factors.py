"""Factors in the system that make partners unequal: the list that the first group starts from."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the order shown. The coordinators of the group add factors and retire them.
FACTORS: dict[str, str | Promise] = {
    "funding-type-fixed": _("The type of funding is fixed before partners are heard"),
    "information-advantage": _("Northern applicants know more, and sooner, about what a funder wants"),
    "contract-with-the-north": _("The contract is signed by one Northern lead, who answers for all"),
    "southern-access-barred": _("Rules of eligibility keep Southern organisations from applying themselves"),
    "compliance-burden": _("Requirements of compliance and audit fit large Northern organisations"),
    "short-project-funding": _("Funding is short and tied to projects, so that nobody can build an organisation"),
    "overheads-stay-north": _("Indirect costs are paid at the top of the chain and not passed on"),
    "risk-passed-down": _("Risks are passed down the chain, decisions are not"),
    "upward-accountability": _("Results are accounted for to the funder, hardly to the communities"),
    "language-of-funders": _("Business is done in the languages and formats of the funder"),
    "image-and-visibility": _("The Northern organisation owns the story, the photographs and the credit"),
}
