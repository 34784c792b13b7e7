"""Staff appoint the first coordinators, and see who takes part; texts are moderated on the site, in the open."""

from django.contrib import admin

from community.models import GroupMembership, WorkingGroup


@admin.register(WorkingGroup)
class WorkingGroupAdmin(admin.ModelAdmin):
    list_display = ("kind", "joining_is_open", "is_public")
    readonly_fields = ("kind", "created_at")

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(GroupMembership)
class GroupMembershipAdmin(admin.ModelAdmin):
    list_display = ("user", "group", "side", "role", "left_at")
    list_filter = ("group", "role", "side")
    raw_id_fields = ("user",)
