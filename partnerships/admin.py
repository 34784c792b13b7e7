"""Staff look, they do not touch: nothing private is registered here, and nothing can be changed but by name."""

from django.contrib import admin, messages
from django.core.exceptions import BadRequest
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from partnerships import security_log, services
from partnerships.access import is_staff, person
from partnerships.models import Membership, Partner, Partnership, User
from partnerships.services import confirmed_addresses
from partnerships.services.erasure import end_sessions


class ReadOnly(admin.ModelAdmin):
    """Open to all staff, for reading."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class Chosen(ReadOnly):
    """Rows that staff choose for an action; what was sent instead of a row is refused."""

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if not all(chosen.isdecimal() and len(chosen) < 19 for chosen in request.POST.getlist("_selected_action")):
            raise BadRequest("no such row")
        return super().changelist_view(request, extra_context)


@admin.register(User)
class UserAdmin(Chosen):
    """Staff may sign a person out everywhere, whose phone or password is in other hands."""

    list_display = ["__str__", "email", "is_confirmed", "is_guest", "is_staff", "is_active", "date_joined"]
    list_filter = ["is_guest", "is_staff", "is_active"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "language", "is_guest", "is_staff", "is_active", "date_joined", "last_login"]
    actions = ["sign_out"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        return super().get_queryset(request).annotate(is_confirmed=confirmed_addresses.has_confirmed())

    @admin.display(boolean=True, description=_("address confirmed"))
    def is_confirmed(self, user: User) -> bool:
        """Say whether this person has shown that an address is hers; otherwise it may be anybody's."""
        return user.is_confirmed  # type: ignore[attr-defined]

    @admin.action(description=_("Sign out the selected people everywhere"), permissions=["view"])
    def sign_out(self, request: HttpRequest, people: models.QuerySet[User]) -> None:
        for user in people:
            end_sessions(user)
            security_log.log_event(request, "Signed out everywhere by staff")
        messages.success(request, _("The selected people have been signed out everywhere."))


@admin.register(Partnership)
class PartnershipAdmin(ReadOnly):
    list_display = ["name", "created_by", "created_at", "is_demo"]
    list_filter = ["is_demo"]
    search_fields = ["name"]
    fields = ["name", "context", "countries", "created_by", "created_at", "is_demo"]


@admin.register(Partner)
class PartnerAdmin(ReadOnly):
    list_display = ["name", "acronym", "partnership", "country", "side", "kind", "left_at"]
    list_filter = ["side", "kind"]
    search_fields = ["name", "acronym", "partnership__name"]
    list_select_related = ["partnership"]
    fields = ["partnership", "name", "acronym", "country", "side", "kind", "receives_through", "identifier", "left_at"]


@admin.register(Membership)
class MembershipAdmin(Chosen):
    """Staff may end a membership where no facilitator is left. The activity log records it."""

    list_display = ["user", "role", "partner", "partnership", "admitted_at", "voided_at"]
    list_filter = ["role"]
    search_fields = ["user__name", "partnership__name"]
    list_select_related = ["user", "partner", "partnership"]
    fields = ["partnership", "user", "role", "partner", "employer", "created_at", "admitted_at", "voided_at"]
    actions = ["take_back"]

    @admin.action(description=_("End the selected memberships"), permissions=["view"])
    def take_back(self, request: HttpRequest, memberships: models.QuerySet[Membership]) -> None:
        try:
            with transaction.atomic():
                for membership in memberships:
                    services.void_membership(membership, by=None, actor=person(request))
        except services.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The memberships have ended."))
