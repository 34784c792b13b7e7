"""The causes in the system that the groups' list starts from."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The list that the first group starts from, in the order it is shown; its leads add to it and retire from it.
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
