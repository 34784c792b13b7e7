"""The thin path: start a partnership, invite by link, come in as a guest, be admitted."""

from django.urls import reverse

from partnerships.models import Invitation, Role
from tests.factories import UserFactory
from tests.partnerships.test_start import NORTH, SOUTH, started


def test_from_start_to_guest(client, db):
    user = UserFactory(name="Freek")
    client.force_login(user)
    partnership = started(client, (NORTH, SOUTH))
    amani = partnership.partners.get(acronym="AM")
    assert partnership.memberships.get().partner.acronym == "NA"

    invite = {"role": "representative", "partner": amani.pk, "channel": "link"}
    client.post(reverse("partnerships:invite", args=[partnership.code]), invite)
    invitation = Invitation.objects.get()
    client.logout()

    address = reverse("partnerships:invitation", args=[invitation.code])
    page = client.get(address)
    assert page.status_code == 200
    response = client.post(address, {"name": "Gathoni", "resume": page.context["resume"]})
    membership = partnership.memberships.get(role=Role.REPRESENTATIVE)
    assert membership.admitted_at
    assert membership.user.is_guest
    code = response.context["resume_code"]
    assert code in response.content.decode()

    client.logout()
    response = client.post(reverse("partnerships:resume"), {"code": code.upper().replace("-", " ")})
    assert response.headers["Location"] == reverse("assessments:begin", args=[partnership.code])
    assert client.session["_auth_user_id"] == str(membership.user.pk)
