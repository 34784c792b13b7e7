"""How a person is told, and one click to stop it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from community.access import Reader
from community.forms.groups import MailForm
from community.models import Profile, Subject
from community.services import notifications
from community.services.groups import memberships
from community.views.decorators import person, reader_required
from partnerships.codes import new_code

ASK = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(ASK)
@reader_required("account")
def preferences(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Choose, for each subject, mail at once, once a day or not at all; see the address of one's feeds."""
    user = person(reader)
    profile = memberships.profile_of(user)
    if request.method == "POST" and "new_key" in request.POST:
        Profile.objects.filter(pk=profile.pk).update(feed_key=new_code())
        messages.success(request, _("Your feeds have new addresses. The old addresses no longer work."))
        return redirect("community:preferences")
    form = MailForm(request.POST or None, chosen=notifications.choices(user))
    if request.method == "POST" and form.is_valid():
        for subject, how in form.cleaned_data.items():
            notifications.choose(user, subject, how)
        messages.success(request, _("Saved."))
        return redirect("community:preferences")
    context = {
        "reader": reader,
        "form": form,
        "profile": profile,
        "groups": reader.groups,
        "base_url": settings.BASE_URL,
    }
    return render(request, "community/notifications/preferences.html", context)


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the signed token says for whom
@require_http_methods(ASK)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a kind of mail without signing in: opening the link asks, posting does it."""
    user_and_kind = notifications.whose(token)
    if user_and_kind is None:
        return render(request, "community/notifications/unsubscribe.html", {"unknown": True}, status=404)
    user, what = user_and_kind
    if request.method == "POST":
        notifications.stop(user, what)
    with translation.override(user.language or translation.get_language()):
        subject = Subject(what).label if what in Subject.values else _("Once a day, in one e-mail")
        context = {"subject": subject, "done": request.method == "POST"}
        return render(request, "community/notifications/unsubscribe.html", context)
