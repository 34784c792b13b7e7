from django.urls import path

from partnerships.views import (
    account,
    archiving,
    invitations,
    joining,
    notifications,
    partners,
    people,
    second_step,
    start,
    tokens,
    workspace,
)

app_name = "partnerships"

here = "partnerships/<slug:code>/"
one_partner = here + "partners/<slug:partner_code>/"
one_membership = here + "people/<slug:membership_code>/"
one_invitation = here + "invitations/<slug:invitation_code>/"

urlpatterns = [
    # Short, for phones, walls and paper.
    path("i/<slug:code>", joining.invitation, name="invitation"),
    path("join", joining.join, name="join"),
    path("resume", joining.resume, name="resume"),
    path("partnerships/", workspace.list_partnerships, name="list"),
    path("partnerships/new/", start.name, name="create"),
    path("partnerships/new/partners/", start.partners, name="create_partners"),
    path("partnerships/new/people/", start.people, name="create_people"),
    path("partnerships/new/discard/", start.discard, name="create_discard"),
    path("partnerships/notices/", notifications.notifications, name="notifications"),
    path("partnerships/account/", account.account, name="account"),
    path("partnerships/account/keep/", account.keep, name="keep"),
    path("partnerships/account/merge/", account.merge, name="merge"),
    path("partnerships/account/tokens/", tokens.tokens, name="tokens"),
    path("partnerships/account/tokens/<slug:token_code>/revoke/", tokens.revoke, name="revoke_token"),
    path("partnerships/waiting/<slug:membership_code>/", joining.waiting, name="waiting"),
    path(here, workspace.workspace, name="workspace"),
    path(here + "settings/", workspace.settings, name="settings"),
    path(here + "second-step/", second_step.rule, name="second_step"),
    path(here + "second-step/take/", second_step.take, name="take_second_step"),
    path(here + "archive/", archiving.archive, name="archive"),
    path(here + "delete/", archiving.delete, name="delete"),
    path(here + "leave/", archiving.leave, name="leave"),
    path(here + "trail/", workspace.activity_log_page, name="activity_log"),
    path(here + "organisation/", partners.organisation, name="organisation"),
    path(here + "partners/", partners.partners, name="partners"),
    path(here + "partners/new/", partners.add_partner, name="add_partner"),
    path(one_partner, partners.change_partner, name="change_partner"),
    path(one_partner + "remove/", partners.remove_partner, name="remove_partner"),
    path(one_partner + "leave/", partners.leave_partner, name="leave_partner"),
    path(here + "people/", people.people, name="people"),
    path(here + "people/invite/", invitations.invite, name="invite"),
    path(here + "people/several/", start.invite_several, name="invite_several"),
    path(here + "people/represent/", start.represent, name="represent"),
    path(here + "messages/", invitations.messages_page, name="messages"),
    path(here + "people/confirm/", people.confirm_all, name="confirm_all"),
    path(one_membership + "confirm/", people.confirm, name="confirm"),
    path(one_membership + "void/", people.void, name="void"),
    path(one_invitation, invitations.shown, name="invitation_shown"),
    path(one_invitation + "projector/", invitations.projector, name="projector"),
    path(one_invitation + "qr.svg", invitations.qr, name="qr"),
    path(one_invitation + "resend/", invitations.resend, name="resend"),
    path(one_invitation + "withdraw/", invitations.withdraw, name="withdraw"),
]
