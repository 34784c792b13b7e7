"""Factors in the system that make partners unequal: the list that the first group starts from."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the order shown. The coordinators of the group add factors and retire them.
FACTORS: dict[str, str | Promise] = {
    "funding-type-fixed": _("The type of funding is fixed before partners are heard"),
    "information-advantage": _(
        "Northern applicants know what a funder wants earlier and better than Southern applicants do"
    ),
    "contract-with-the-north": _("One Northern organisation signs the contract and is responsible for all partners"),
    "southern-access-barred": _("Eligibility rules prevent Southern organisations from applying in their own name"),
    "compliance-burden": _("Compliance and audit requirements suit large Northern organisations"),
    "short-project-funding": _(
        "Funding is short-term and tied to projects, so partners cannot build up their organisations"
    ),
    "overheads-stay-north": _("Money for indirect costs remains at the top of the funding chain and is not passed on"),
    "risk-passed-down": _("Risks are passed down the funding chain, but decisions are not"),
    "upward-accountability": _("Partners report results to the funder, but hardly at all to communities"),
    "language-of-funders": _("Partners must use the funder's languages and formats"),
    "image-and-visibility": _("The Northern organisation owns the story and the photographs, and gets the credit"),
}
