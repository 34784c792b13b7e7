from django.urls import path

from community.views import cases, feeds, findings, groups, moderating, searching, talking, telling, writing

app_name = "community"

one_group = "groups/<slug:group>/"
one_item = "items/<slug:code>/"

urlpatterns = [
    path("", groups.home, name="groups"),
    path("search/", searching.results, name="search"),
    path("mails/", telling.preferences, name="preferences"),
    path("mails/stop/<str:token>/", telling.unsubscribe, name="unsubscribe"),
    path("invitations/<slug:code>/", groups.invitation, name="invitation"),
    path("preview/", writing.preview, name="preview"),
    path("keep/", writing.keep, name="keep"),
    path("keep/<str:mutation>/drop/", writing.drop, name="drop"),
    path(one_group, groups.group, name="group"),
    path(one_group + "feed.atom", feeds.feed, name="feed"),
    path(one_group + "people/", groups.people, name="people"),
    path(one_group + "people/<slug:handle>/role/", groups.role, name="role"),
    path(one_group + "join/", groups.join, name="join"),
    path(one_group + "leave/", groups.leave, name="leave"),
    path(one_group + "invite/", groups.invite, name="invite"),
    path(one_group + "settings/", groups.settings, name="settings"),
    path(one_group + "moderation/", moderating.queue, name="moderation"),
    path(one_group + "factors/", findings.factors, name="factors"),
    path(one_group + "write/<slug:kind>/", writing.write, name="write"),
    path("findings/", findings.listing, name="findings"),
    path("findings/<slug:code>/", findings.finding, name="finding"),
    path("findings/<slug:code>/status/", findings.status, name="finding-status"),
    path("cases/<slug:code>/", cases.case, name="case"),
    path("cases/<slug:code>/approve/", cases.approve, name="case-approve"),
    path("cases/<slug:code>/revoke/", cases.revoke, name="case-revoke"),
    path(one_item, writing.item_redirect, name="item"),
    path(one_item + "edit/", writing.edit, name="edit"),
    path(one_item + "settle/", writing.settle, name="settle"),
    path(one_item + "publish/", writing.publish, name="publish"),
    path(one_item + "discard/", writing.discard, name="discard"),
    path(one_item + "history/", writing.history, name="history"),
    path(one_item + "compare/", writing.compare, name="compare"),
    path(one_item + "comment/", talking.comment, name="comment"),
    path(one_item + "endorse/", talking.endorse, name="endorse"),
    path(one_item + "files/", talking.attach, name="attach"),
    path(one_item + "files/<slug:file>/", talking.download, name="download"),
    path(one_item + "files/<slug:file>/remove/", talking.detach, name="detach"),
    path(one_item + "evidence/document/", findings.cite, name="cite"),
    path(one_item + "evidence/case/", cases.tell, name="tell-case"),
    path(one_item + "evidence/<slug:evidence>/remove/", findings.uncite, name="uncite"),
    path(one_item + "report/", moderating.report, name="report"),
    path(one_item + "moderate/", moderating.moderate, name="moderate"),
    path(one_item + "appeal/", moderating.appeal, name="appeal"),
]
