"""Every page in a browser, at 360 px: no barrier, no error, no policy violation, nothing wider than the phone.

The list comes from the URL resolver and from the tables of who gets in where: a URL that is neither visited nor named
below fails. A page is opened by everybody for whom it looks different, and axe-core looks at each opening twice: in the
marked language, and in one of the six.
"""

import re
from collections import Counter
from itertools import product
from urllib.parse import urlsplit

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.urls import reverse
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from assessments.models import Assessment, Job, Matter
from assessments.services.safeguards import concern, removal, trusted_person
from assessments.services.setup import decisions, opening, rehearsal
from community.services import moderation
from partnerships import services
from partnerships.access import member_roles_of
from partnerships.models import Role, User, WrongText
from partnerships.services import second_step
from powertool import demo
from tests import test_permissions as permissions
from tests.assessments import making
from tests.community import test_access, test_evidence_access, test_measures_access
from tests.community.making import make_finding, member
from tests.e2e import test_paper_pages as papers
from tests.e2e.crawling import NOT_PAGES, Crawl
from tests.e2e.looks import LANGUAGES, closely, english, language_of, schemes_of
from tests.factories import membership
from tests.interface.test_access import NAMES as INTERFACE
from tests.partnerships import test_access as partnerships
from tests.partnerships.test_access import addresses as partnership_addresses  # noqa: F401 (a fixture)
from tests.security import organisations, secondstep

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL, PASSWORD = "ama@example.org", "unrelated-words-42"

# Visited in the files beside this one, by room.
COMMUNITY = test_access.PAGES | test_measures_access.PAGES | test_evidence_access.PAGES
ACCOUNT_PAGES = {
    "account_login", "account_signup", "account_logout", "account_inactive", "account_reauthenticate", "account_email",
    "account_email_verification_sent", "account_change_password", "account_set_password",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "account_request_login_code", "account_confirm_login_code",
    "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn", "usersessions_list",
    "openid_connect_accounts",
}  # fmt: skip
# Visited where they are.
OWN_WAY = {"own-proposal", "named-answers", "rehearsal", "rehearsal-remove", "concern-read", "kept-answers"}
PAGES = {
    "": {
        "api",
        "example",
        "home",
        "translations",
        "local-mail",
        "local-mail-message",
        *permissions.STAFF,
        *permissions.DATA,
        *permissions.HELP,
    },
    "assessments": {name for name, row in permissions.ROWS.items() if 200 in row.get.values()} | OWN_WAY,
    "partnerships": {
        name for name, row in (partnerships.OPEN_PAGES | partnerships.PAGES).items() if 200 in row.values()
    }
    | {"merge", "waiting", "create_partners", "create_people"},
    "community": {name for name, row in COMMUNITY.items() if 200 in row.values()} | {"discard"} | papers.PAGES,
}
POST_ONLY = {
    "": {"language", "openid_connect_login", "openid_connect_disconnect"},
    "assessments": {name for name, row in permissions.ROWS.items() if set(row.get.values()) == {405}},
    "partnerships": {name for name, row in partnerships.PAGES.items() if 405 in row.values()}
    | {"keep", "revoke_token", "create_discard", "resend"},
    "community": {name for name, row in COMMUNITY.items() if 405 in row.values()} | papers.POST_ONLY,
}


def named(table: dict[str, set[str]]) -> set[str]:
    """Return the names in a table by app as the resolver gives them."""
    return {f"{app}:{name}" if app else name for app, names in table.items() for name in names}


def pages_of(app: str) -> set[str]:
    return {name for name in named({app: PAGES[app]}) if name not in NOT_PAGES}


def test_every_url_is_visited_or_no_page():
    """The pages below `admin:` are Django's own, for a desk."""
    known = named(PAGES) | named(POST_ONLY) | NOT_PAGES | ACCOUNT_PAGES | {f"api:{name}" for name in INTERFACE}
    assert {name for name in permissions.urls() if not name.startswith("admin:")} == known


def test_a_barrier_a_wide_page_and_a_detour_are_seen(new_crawl, phone, watch):
    crawl, page = new_crawl(), phone()
    page.goto(reverse("account_login"))
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    page.evaluate("document.querySelector('main button:last-child').style.minWidth = '400px'")
    crawl.look(page, "account_signup")
    crawl.visit(page, "/nowhere", "account_signup", "nowhere")
    faults, beside, status = crawl.faults.values()
    language = language_of("account_signup")
    assert faults[0] == "account_signup leads to account_login"
    assert faults[1].endswith("px wide of 360")
    assert faults[2].startswith("button-name")
    assert beside == [f"{language}: account_signup leads to account_login"]
    language = language_of("account_signupnowhere")
    faults = ["status 404", "account_signup leads to /nowhere"]
    assert status[:4] == [*faults, *(f"{language}: {fault}" for fault in faults)]
    watch.expect("404")


SPOILT = """() => {
  const add = (html) => document.querySelector("main").insertAdjacentHTML("beforeend", html);
  add(`<a href="/" class="bare">Bare</a><a href="/" class="under">Under</a><nav>Left</nav><div class="far"></div>`);
  add(`<div class="table-scroll"><table><tr><td>1</td></tr></table></div><p class="moving">Moving</p>`);
  add(`<p class="bar">Bar</p>`);
  add(`<figure id="chart"><script type="application/json">{"data": [{"text": ["1.5", "2"]}]}</script>
    <div data-chart aria-label="No number"></div><table><tr><td>1.5</td></tr></table></figure>`);
  const style = new CSSStyleSheet();
  style.replaceSync(`.bare:focus { outline: 0 !important; } .moving { transition: color 1s; }
    .under { animation: work 1s; } .far { inline-size: 600px; block-size: 9px; }
    .bar { position: fixed; inset: 0; z-index: 99; background: white; } nav { display: block !important; }
    .bare { position: relative; z-index: 100; } .table-scroll { overflow: auto !important; }`);
  document.adoptedStyleSheets.push(style);
}"""


def test_what_keys_paper_a_still_page_and_a_chart_miss_is_seen(phone, watch):
    page = phone()
    page.goto(reverse("account_login"))
    assert closely(page) == []
    page.emulate_media(media="null")
    page.evaluate(SPOILT)
    found = closely(page)
    for fault in (
        "chart without numbers in words: No number",
        "only drawn: 2 in chart",
        'focus is not seen: <a href="/" class="bare"',
        'focus is covered: <a href="/" class="under"',
        'moves: <p class="moving"',
        'moves: <a href="/" class="under"',
        "printed: <nav>Left</nav>",
        'cut on paper: <div class="table-scroll"',
    ):
        assert [one for one in found if one.startswith(fault)], (fault, found)
    assert [one for one in found if one.endswith("px wide of 320")]
    assert not [one for one in found if 'class="bare"' in one and "covered" in one]


def test_a_page_in_another_language_than_asked_is_seen(new_crawl, phone):
    crawl, page, language = new_crawl(), phone(), language_of("account_login")
    assert crawl.seen(page, reverse("account_login"), "account_login") == []
    other = next(code for code in LANGUAGES if code not in (language, "ar"))
    asked, given = f"lang={language}", f"lang={other}"
    page.route("**/login/**", lambda route: route.continue_(url=route.request.url.replace(asked, given)))
    assert crawl.seen(page, reverse("account_login"), "account_login")[0] == f"{language}: speaks ['{other}', 'ltr']"


def test_a_text_left_in_english_is_seen(phone, transactional_db):
    page = phone()
    page.goto(reverse("account_login") + "?lang=fr")
    assert english(page, "fr") == []
    page.evaluate("document.querySelector('main h1').textContent = ' Your next\\n steps '")
    assert english(page, "fr") == ["in English: Your next steps"]


def test_each_language_has_a_share_of_the_pages_and_each_scheme_of_the_languages():
    pages = [name for app in PAGES for name in pages_of(app)] + sorted(ACCOUNT_PAGES)
    shares = Counter((language_of(page), schemes_of(page)) for page in pages)
    assert set(shares) == set(product(LANGUAGES, [("light", "dark"), ("dark", "light")]))
    assert min(shares.values()) > len(pages) / 24


def test_a_page_is_looked_at_once_in_each_of_its_states(new_crawl, phone, monkeypatch):
    crawl, page, looks = new_crawl(), phone(), []
    monkeypatch.setattr(crawl, "seen", lambda page, path, name, state: looks.append(state) or [])
    for state in ("", "wrong", "wrong"):
        crawl.visit(page, reverse("account_login"), "account_login", state)
    assert looks == ["", "wrong"]


# --- assessments


def test_assessments(crawl, phone, cast):
    standing_at: dict[str, Assessment] = {}
    facilitator, representative = phone(cast.north_facilitator), phone(cast.guest)
    for name, row in permissions.ROWS.items():
        if f"assessments:{name}" not in pages_of("assessments") or name in OWN_WAY:
            continue
        assessment = standing_at.get(row.stage) or standing_at.setdefault(
            row.stage, permissions.brought_to(cast, row.stage)
        )
        path = permissions.address(cast, name, assessment)
        for page, letter in ((facilitator, "f"), (representative, "g")):
            if row.get[letter] == 200:
                crawl.visit(page, path, f"assessments:{name}")
    for name in ("overview", "dashboard", "session", "closing", "report"):
        for stage, assessment in standing_at.items():
            path = reverse(f"assessments:{name}", args=[assessment.code])
            crawl.visit(facilitator, path, f"assessments:{name}", stage)
    assessment = with_named_answers(cast)
    for name, args in (("dashboard", []), ("named-answers", [1])):
        path = reverse(f"assessments:{name}", args=[assessment.code, *args])
        crawl.visit(representative, path, f"assessments:{name}", "named")
    rehearses(crawl, facilitator, cast)
    raises_a_concern(crawl, phone(), facilitator, cast, standing_at["collecting"])
    proposal = decisions.propose(standing_at["collecting"], cast.membership(cast.guest), "Buying boats")
    path = reverse("assessments:own-proposal", args=[proposal.assessment.code, proposal.code])
    crawl.visit(representative, path, "assessments:own-proposal")
    has_answered(crawl, representative, cast)
    sides_decide(crawl, facilitator, representative, cast, standing_at["rating"])
    assert crawl.visited == pages_of("assessments")


def has_answered(crawl: Crawl, representative: Page, cast) -> None:
    """See the pages of one's own answers with a full sheet, while rating is open and after it."""
    assessment = making.rating(cast)
    making.answer_all(assessment, cast.membership(cast.guest), lambda decision, partner: decision)
    for name, args in (("rate", []), ("rate-decision", [1]), ("rate-review", []), ("rate-withdraw", [])):
        path = reverse(f"assessments:{name}", args=[assessment.code, *args])
        crawl.visit(representative, path, f"assessments:{name}", "answered")
    making.step(cast, assessment, "close_rating")
    for name in ("my-answers", "erase-answers"):
        path = reverse(f"assessments:{name}", args=[assessment.code])
        crawl.visit(representative, path, f"assessments:{name}", "answered")


def sides_decide(crawl: Crawl, facilitator: Page, representative: Page, cast, assessment: Assessment) -> None:
    """See what both sides decide once one has said yes, and the answers of somebody who left."""
    own = cast.membership(cast.guest)
    making.answer_all(assessment, own)
    for matter in (Matter.CLOSE_RATING, Matter.MOVE_DAY, Matter.REOPEN_DECISIONS, Matter.DELETE_ASSESSMENT):
        making.says_yes(assessment, "north", matter, localdate() if matter == Matter.MOVE_DAY else None)
        path = reverse("assessments:side-words", args=[assessment.code, matter])
        crawl.visit(facilitator, path, "assessments:side-words", matter)
    making.says_yes(assessment, "north", Matter.REMOVE_MEMBER, subject=own)
    removal.set_objection(assessment, member_roles_of(cast.guest, cast.partnership), True)
    path = reverse("assessments:member-words", args=[assessment.code, own.code])
    crawl.visit(facilitator, path, "assessments:member-words", "objects")
    path = reverse("assessments:my-membership", args=[assessment.code])
    crawl.visit(representative, path, "assessments:my-membership", "objects")
    services.void_membership(own, own)
    crawl.visit(representative, reverse("assessments:kept-answers", args=[assessment.code]), "assessments:kept-answers")


def rehearses(crawl: Crawl, page: Page, cast) -> None:
    crawl.visit(page, reverse("assessments:rehearse"), "assessments:rehearse")
    trial = rehearsal.start(cast.north_facilitator)
    for name in ("rehearsal", "rehearsal-remove"):
        crawl.visit(page, reverse(f"assessments:{name}", args=[trial.code]), f"assessments:{name}")
    crawl.visit(page, trial.assessments.get().get_absolute_url(), "assessments:overview", "rehearsal")


def raises_a_concern(crawl: Crawl, outside: Page, member: Page, cast, assessment: Assessment) -> None:
    south = member_roles_of(cast.south_facilitator, cast.partnership)
    person = trusted_person.name_person(assessment, south, "Ada", "ada@example.org")
    path = reverse("assessments:concern", args=[assessment.code])
    crawl.visit(member, path, "assessments:concern", "named")
    trusted_person.confirm_for_side(assessment, member_roles_of(cast.north_facilitator, cast.partnership), person.mark)
    hers = reverse("assessments:concern-read", args=[trusted_person.proposed_person(assessment).to_mail])
    crawl.visit(outside, hers, "assessments:concern-read", "asked")
    trusted_person.confirm_person(person, "Ada", "retired judge")
    concern.raise_concern(assessment, "The budget was changed.", person.mark)
    crawl.visit(member, path, "assessments:concern", "confirmed")
    crawl.visit(outside, hers, "assessments:concern-read")


def with_named_answers(cast) -> Assessment:
    """Return an assessment in which every organisation accepted the named mode and answered."""
    for name in ("n2", "s3", "o1"):
        membership(cast.partnership, Role.REPRESENTATIVE, cast.partners[name])
    cast.partnership.memberships.update(confirmed_at="2026-01-01T00:00:00Z")
    assessment = making.make_assessment(cast, mode_wanted="named")
    own = list(cast.partnership.memberships.representatives())
    for one in own:
        opening.answer_named(assessment, one, True)
    assessment = making.step(cast, assessment, "open_rating")
    for one in own:
        making.answer_all(assessment, one)
    assessment = making.step(cast, assessment, "close_rating")
    making.make_release(assessment)
    assert assessment.mode == "named"
    return assessment


def test_the_demo(crawl, phone):
    """The same pages with much to show: two closed assessments, and one in the middle of its ratings."""
    demo.load()
    pages = [phone(User.objects.get(email=f"{name}@demo.example")) for name in ("noor", "awa", "ole")]
    midterm = Assessment.objects.get(title="How we decide, 2026")
    answering = Assessment.objects.get(title="How we decide together")
    for page in pages:
        crawl.visit(page, "/", "home")
        crawl.visit(page, reverse("partnerships:list"), "partnerships:list")
        workspace = reverse("assessments:workspace", args=[midterm.partnership.code])
        crawl.visit(page, workspace, "assessments:workspace")
        crawl.visit(page, reverse("assessments:mine"), "assessments:mine")
        for name in (
            "overview",
            "decisions",
            "dashboard",
            "shift",
            "report",
            "actions",
            "closing",
            "session",
            "session-all",
            "projector",
        ):
            crawl.visit(page, reverse(f"assessments:{name}", args=[midterm.code]), f"assessments:{name}")
    action = reverse("assessments:action", args=[midterm.code, midterm.actions.first().code])
    crawl.visit(pages[1], action, "assessments:action")
    for name, args in (("overview", []), ("rate", []), ("rate-decision", [3]), ("rate-review", [])):
        path = reverse(f"assessments:{name}", args=[answering.code, *args])
        crawl.visit(pages[1], path, f"assessments:{name}", "rating")
    what_a_session_needs(crawl, *pages)


def what_a_session_needs(crawl: Crawl, facilitator: Page, representative: Page, observer: Page) -> None:
    """A pledge, a trusted person, what was heard, the agenda, a lobby with people in it, and a caucus half-way."""
    begins = Assessment.objects.get(title="How we decide now")
    for page, names in (
        (facilitator, ("overview", "reading", "agenda", "session", "laptop")),
        (
            representative,
            ("overview", "dashboard", "shift", "missing_voices", "concern", "pledge", "ground-rules", "session"),
        ),
        (observer, ("projector",)),
    ):
        for name in names:
            path = reverse(f"assessments:{name}", args=[begins.code])
            crawl.visit(page, path, f"assessments:{name}", f"begins {name == 'session' and page == facilitator}")
    sides = Assessment.objects.get(title="Who decides about our clinics")
    for name, args in (("overview", []), ("caucus", []), ("caucus-decision", [1])):
        path = reverse(f"assessments:{name}", args=[sides.code, *args])
        crawl.visit(representative, path, f"assessments:{name}", "half-way")


# --- partnerships, the start page and mail on this machine


def test_partnerships(crawl, phone, cast, partnership_addresses, settings, tmp_path, watch):  # noqa: F811
    rows = partnerships.OPEN_PAGES | partnerships.PAGES
    who = {
        "f": phone(cast.south_facilitator),
        "r": phone(cast.north_representative),
        "g": phone(cast.guest),
        "a": phone(),
    }
    for name, path in partnership_addresses.items():
        for letter, page in who.items():
            if rows[name][letter] == 200 and f"partnerships:{name}" not in NOT_PAGES:
                crawl.visit(page, path, f"partnerships:{name}")
    code = services.invite(cast.membership(cast.south_facilitator), "join_code", Role.REPRESENTATIVE).code
    path = reverse("partnerships:invitation_shown", args=[cast.partnership.code, code])
    crawl.visit(who["f"], path, "partnerships:invitation_shown", "join code")
    waiting = cast.partnership.memberships.waiting().get()
    crawl.visit(phone(waiting.user), reverse("partnerships:waiting", args=[waiting.code]), "partnerships:waiting")
    meets_the_second_step(crawl, who["f"], cast, watch)
    merges(crawl, phone(cast.outsider), cast)
    makes_a_token(crawl, who["r"])
    starts(crawl, who["r"], cast.north_representative)
    demo.example.load()
    crawl.visit(who["a"], reverse("example"), "example")
    for page in who.values():
        crawl.visit(page, "/", "home")
    writes_a_mail(settings, tmp_path)
    for name in permissions.DATA:
        crawl.visit(who["g"], reverse(name), name)
    for name in ("privacy", *permissions.HELP):
        crawl.visit(who["a"], reverse(name), name)
    crawl.visit(who["a"], reverse("translations"), "translations")
    crawl.visit(who["a"], reverse("api"), "api")
    crawl.visit(who["a"], reverse("local-mail"), "local-mail")
    who["a"].get_by_role("link", name="Water for All").click()
    crawl.look(who["a"], "local-mail-message")
    looks_as_staff(crawl, phone(cast.staff), cast)
    assert crawl.visited == pages_of("partnerships") | PAGES[""]


def meets_the_second_step(crawl: Crawl, page: Page, cast, watch) -> None:
    """A facilitator without a second step is led to set one up."""
    gate = reverse("partnerships:take_second_step", args=[cast.partnership.code])
    north, south = (cast.membership(each) for each in (cast.north_facilitator, cast.south_facilitator))
    second_step.say_yes(cast.partnership, north, required=True)
    second_step.say_yes(cast.partnership, south, required=True)
    page.goto(cast.partnership.get_absolute_url())
    assert urlsplit(page.url).path == gate
    assert crawl.axe(page) == []
    watch.expect("403")
    second_step.say_yes(cast.partnership, north, required=False)
    second_step.say_yes(cast.partnership, south, required=False)


def looks_as_staff(crawl: Crawl, page: Page, cast) -> None:
    """Staff see what was given up and what waits, and are asked before they start something anew."""
    (session,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid"]
    secondstep.take_step(SessionStore(session), cast.staff)
    row = Job.objects.create(assessment=making.rating(cast), kind="report", language="fr", state="failed", attempts=3)
    WrongText.objects.create(language="ar", present_text="كلمة", better_text="كلمات")
    moderation.report(make_finding(member(), "Claim", "It was so."), member().user, "Why")
    for name in permissions.STAFF:
        crawl.visit(page, reverse(name), name)
    page.goto(reverse("staff-failed"))
    page.get_by_role("button", name="Start again").click()
    crawl.look(page, "staff-failed", "asked")
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_text("No task has failed.")).to_be_visible()
    assert Job.objects.get(pk=row.pk).state == "waiting"


def makes_a_token(crawl: Crawl, page: Page) -> None:
    page.goto(reverse("partnerships:tokens"))
    page.fill("[name=name]", "Our dashboard")
    page.get_by_role("main").locator(".btn-primary").click()
    page.locator("#token").wait_for()
    crawl.look(page, "partnerships:tokens", "made")


def starts(crawl: Crawl, page: Page, user: User) -> None:
    """Somebody has begun to start a partnership, and something in her list is wrong."""
    lines = [{"name": name, "acronym": "", "country": "Kenya", "side": "south"} for name in ("One", "Two")]
    services.keep_draft(user, "a" * 12, name="Water", organisation="One", partners=lines, people=[])
    for step in ("create", "create_partners", "create_people"):
        crawl.visit(page, reverse(f"partnerships:{step}"), f"partnerships:{step}", "draft")
    page.goto(reverse("partnerships:create_partners"))
    page.fill("[name=lines-1-country]", "Nowhereland")
    page.get_by_role("main").locator(".btn-primary").click()
    page.locator(".error-summary").wait_for()
    crawl.look(page, "partnerships:create_partners", "wrong")


def merges(crawl: Crawl, page: Page, cast) -> None:
    """Somebody with an account enters a guest's code, and is asked whether it takes the guest over."""
    code = services.new_resume_code()
    invitation = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
    services.join_as_guest(invitation, "Gathoni", code, employer="A university")
    page.goto(reverse("partnerships:resume"))
    page.get_by_label("Code").fill(code)
    page.get_by_role("main").locator(".btn-primary").click()
    page.wait_for_url(f"**{reverse('partnerships:merge')}")
    crawl.look(page, "partnerships:merge")


def writes_a_mail(settings, folder) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = folder
    body = "A long link: https://example.org/" + "i" * 120
    mail.EmailMessage("Water for All", body, to=[EMAIL]).send()


# --- accounts


@pytest.fixture
def ama(transactional_db) -> User:
    return person(EMAIL, PASSWORD)


def person(email: str, password: str | None) -> User:
    user = User.objects.create_user(email, password, name="Ama")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def test_accounts(crawl, phone, ama, settings, watch):
    settings.SOCIALACCOUNT_PROVIDERS = organisations.configured("http://127.0.0.1:9")
    comes_in(crawl, phone, ama)
    crawl.visit(phone(person("no-password@example.org", None)), reverse("account_set_password"), "account_set_password")
    page = phone()
    with_a_passkey(crawl, page)
    for name in ("email", "change_password", "logout"):
        crawl.visit(page, reverse(f"account_{name}"), f"account_{name}")
    for name in ("mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "usersessions_list"):
        crawl.visit(page, reverse(name), name)
    crawl.visit(page, organisations.LIST, "openid_connect_accounts")
    page.goto(organisations.BACK)
    assert crawl.axe(page) == []
    watch.expect("403")
    TOTP.activate(ama, generate_totp_secret())
    for name in ("deactivate_totp", "generate_recovery_codes", "reauthenticate", "reauthenticate_webauthn"):
        crawl.visit(page, reverse(f"mfa_{name}"), f"mfa_{name}")
    RecoveryCodes.activate(ama)
    crawl.visit(page, reverse("mfa_view_recovery_codes"), "mfa_view_recovery_codes")
    crawl.visit(page, reverse("mfa_index"), "mfa_index", "with all of them")
    passkey = Authenticator.objects.get(user=ama, type=Authenticator.Type.WEBAUTHN)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        crawl.visit(page, reverse(name, args=[passkey.pk]), name)
    second = phone()
    signs_in(second)
    second.wait_for_url("**/2fa/authenticate/")
    crawl.look(second, "mfa_authenticate")
    assert crawl.visited == ACCOUNT_PAGES


def comes_in(crawl: Crawl, phone, ama: User) -> None:
    """Open all that is shown before somebody is signed in."""
    page = phone()
    for name in (
        "login", "signup", "inactive", "reset_password", "reset_password_done",
        "reset_password_from_key_done", "request_login_code",
    ):  # fmt: skip
        crawl.visit(page, reverse(f"account_{name}"), f"account_{name}")
    page.goto(reverse("account_request_login_code"))
    page.fill("[name=email]", EMAIL)
    page.get_by_role("button", name="Send me the code").click()
    page.wait_for_url("**/confirm/")
    crawl.look(page, "account_confirm_login_code")
    signs_up(crawl, phone())
    key = [user_pk_to_url_str(ama), default_token_generator.make_token(ama)]
    crawl.visit(page, reverse("account_reset_password_from_key", args=key), "account_reset_password_from_key")


def signs_up(crawl: Crawl, page: Page) -> None:
    page.goto(reverse("account_signup"))
    page.fill("[name=email]", "new@example.org")
    page.fill("[name=name]", "New")
    page.fill("[name=password1]", PASSWORD)
    page.get_by_role("button", name="Create an account").click()
    page.wait_for_url(f"**{reverse('account_email_verification_sent')}")
    crawl.look(page, "account_email_verification_sent")


def signs_in(page: Page) -> None:
    page.goto(reverse("account_login"))
    page.fill("[name=login]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("main .btn-primary")


def with_a_passkey(crawl: Crawl, page: Page) -> None:
    """Sign in by password, and add a passkey of a device that is not there."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    abilities = ["hasResidentKey", "hasUserVerification", "isUserVerified", "automaticPresenceSimulation"]
    options = {"protocol": "ctap2", "transport": "internal"} | dict.fromkeys(abilities, True)
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    signs_in(page)
    page.get_by_role("heading", name="Your next steps").wait_for()
    page.goto(reverse("mfa_add_webauthn"))
    crawl.look(page, "account_reauthenticate")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"**{reverse('mfa_add_webauthn')}")
    crawl.look(page, "mfa_add_webauthn")
    page.reload()  # each opening, also in the tab beside, takes the place of the challenge before
    page.fill("[name=name]", "My phone")
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url(re.compile("/accounts/2fa/(?!webauthn/add)"))
