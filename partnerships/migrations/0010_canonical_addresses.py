"""Each address is brought into its one form; what established accounts never confirmed goes."""

from django.conf import settings
from django.db import migrations
from django.db.models import Exists, OuterRef

CANONICAL = r"^[!-@\[-~]+$"


def canonical(address):
    name, _at, domain = address.rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode()}".lower() if name.isascii() else None
    except UnicodeError:
        return None


def forget_unconfirmed(EmailAddress):
    """Delete addresses that were added to an account and never confirmed: they count for nothing."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("user"), verified=True)
    EmailAddress.objects.filter(Exists(confirmed), verified=False).delete()


def bring_in_form(rows):
    """Write what has another form. What has none is left for the rule of the next migration to name."""
    for row in rows.exclude(email__regex=CANONICAL).iterator():
        if (address := canonical(row.email)) is not None:
            rows.filter(pk=row.pk).update(email=address)


def forwards(apps, schema_editor):
    User, Invitation = apps.get_model(settings.AUTH_USER_MODEL), apps.get_model("partnerships.Invitation")
    EmailAddress = apps.get_model("account.EmailAddress")
    forget_unconfirmed(EmailAddress)
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    strange = User.objects.filter(~Exists(confirmed), last_login=None, is_guest=False, is_staff=False)
    for user in strange.exclude(email__regex=CANONICAL):
        if canonical(user.email) is None:
            user.delete()
    bring_in_form(User.objects.exclude(email=None))
    bring_in_form(EmailAddress.objects)
    bring_in_form(Invitation.objects.exclude(email=""))


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0005_api_token"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
