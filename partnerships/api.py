"""The API, its lowest part: tokens, errors, pagination, and a person's partnerships.

Read-only, JSON over HTTP. Errors are problem objects (RFC 9457). The response does not tell whether a code exists
elsewhere: a code of someone else and an unknown one get the same.
"""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Path, Router, Schema
from ninja.errors import AuthenticationError, Throttled
from ninja.pagination import PaginationBase, paginate
from ninja.security import HttpBearer

from partnerships import limits, page_sizes
from partnerships.models import ApiToken, Membership, Partnership, User
from partnerships.services import tokens

MOST, SECONDS = 600, 10 * 60  # requests of one token
OPEN_MOST = 120  # of one address without a token, where none is needed
MISSES = "api"

Code = Annotated[str, Path(pattern="^[0-9a-hjkmnp-tv-z]{12}$", description="an address code of 12 letters and digits")]


class Token(HttpBearer):
    """`Authorization: Bearer pat_…`, the token that a person made on her account's page."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        api_token = tokens.find(token)
        if api_token is None and limits.too_many(request, MISSES):
            raise Throttled(wait=limits.SECONDS)
        if api_token is None:
            limits.count_miss(request, MISSES)
            raise AuthenticationError
        if wait := limits.take_as(f"token:{api_token.pk}", "api", MOST, SECONDS):
            raise Throttled(wait)
        return api_token


class TokenOrNone(Token):
    """The same for public data: without the header, the request is anonymous."""

    def __call__(self, request: HttpRequest) -> Any:
        if self.header in request.headers:
            return super().__call__(request)
        if wait := limits.take_as(f"ip:{limits.get_ip(request)}", "api", OPEN_MOST, SECONDS):
            raise Throttled(wait)
        return ANYBODY


ANYBODY = "anybody"
bearer, bearer_or_none = Token(), TokenOrNone()


def person(request: HttpRequest) -> User:
    """Return the owner of the request's token."""
    return request.auth.user  # type: ignore[attr-defined]


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] = Field([], description="at a wrong parameter: where it is, and what is wrong with it")


REFUSALS = {401: Problem, 404: Problem, 422: Problem, 429: Problem}


class Pages(PaginationBase):
    """Numbered pages; one beyond the last is empty."""

    class Input(Schema):
        page: int = Field(1, ge=1, le=10_000)
        size: int = Field(page_sizes.API_USUAL, ge=1, le=page_sizes.API_MOST, description="how many to a page")

    class Output(Schema):
        items: list[Any]
        count: int = Field(description="how many there are on all pages")
        page: int
        pages: int = Field(description="how many pages there are, at least one")

    def paginate_queryset(self, queryset: Any, pagination: Any, request: HttpRequest, **params: Any) -> dict[str, Any]:
        count, first = self._items_count(queryset), (pagination.page - 1) * pagination.size
        items = list(queryset[first : first + pagination.size])
        pages = max(1, -(-count // pagination.size))
        return {"items": items, "count": count, "page": pagination.page, "pages": pages}


class PartnershipOut(Schema):
    code: str
    name: str
    countries: list[str] = Field(description="ISO 3166 codes")
    example: bool = Field(description="true: made up, to show how it works")
    roles: list[str] = Field(description="your roles there: facilitator, representative, observer")


router = Router(auth=bearer, tags=["partnerships"])


@router.get(
    "/partnerships",
    response={200: list[PartnershipOut], **REFUSALS},
    summary=_("Your partnerships"),  # type: ignore[arg-type]
    operation_id="partnerships",
    url_name="partnerships",
)
@paginate(Pages)
def partnerships(request: HttpRequest):
    """List the partnerships in which you have a membership now, without rehearsals, newest first."""
    mine = Partnership.objects.visible_to(person(request)).real().order_by("-created_at", "-pk")
    memberships: dict[int, list[str]] = {}
    for partnership, role in (
        Membership.objects.in_force().filter(user=person(request)).values_list("partnership_id", "role")
    ):
        memberships.setdefault(partnership, []).append(role)
    return [
        {
            "code": partnership.code,
            "name": partnership.name,
            "countries": partnership.countries,
            "example": partnership.is_demo,
            "roles": sorted(memberships[partnership.pk]),
        }
        for partnership in mine
        if partnership.pk in memberships
    ]
