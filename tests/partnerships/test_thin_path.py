"""The thin path: start a partnership, invite by link, come in as a guest, be admitted."""

from django.urls import reverse

from partnerships.models import Invitation, Partnership, Role
from tests.factories import UserFactory


def rows(*partners: dict) -> dict:
    """Return the form's rows for these partners."""
    data = {"partners-TOTAL_FORMS": str(len(partners)), "partners-INITIAL_FORMS": "0"}
    for n, partner in enumerate(partners):
        given = {"country": "KE", "side": "south", "kind": "national", "receives_through": "", **partner}
        data |= {f"partners-{n}-{field}": value for field, value in given.items()}
    return data


def test_from_start_to_guest(client, db):
    client.force_login(UserFactory(name="Freek"))
    north = {"name": "Northern Aid", "acronym": "NA", "side": "north", "country": "NL", "kind": "ingo"}
    south = {"name": "Amani", "acronym": "AM", "receives_through": "0"}
    data = {"name": "Water", "countries": ["KE"], "row": "0", "employer": "", **rows(north, south)}
    response = client.post(reverse("partnerships:create"), data)
    partnership = Partnership.objects.get()
    assert response.headers["Location"] == partnership.get_absolute_url()
    amani = partnership.partners.get(acronym="AM")
    assert amani.receives_through.acronym == "NA"
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
