from django.urls import path

from assessments.views import decisions, overview, setup

app_name = "assessments"
urlpatterns = [
    path("in/<slug:code>/", overview.workspace, name="workspace"),
    path("in/<slug:code>/new/", setup.create, name="create"),
    path("<slug:code>/", overview.overview, name="overview"),
    path("<slug:code>/status/", overview.status, name="status"),
    path("<slug:code>/settings/", setup.change, name="settings"),
    path("<slug:code>/named/", setup.named, name="named"),
    path("<slug:code>/step/<slug:action>/", overview.step, name="step"),
    path("<slug:code>/decisions/", decisions.listing, name="decisions"),
    path("<slug:code>/decisions/<slug:decision>/", decisions.edit, name="decision"),
    path("<slug:code>/decisions/<slug:decision>/move/", decisions.move, name="decision-move"),
    path("<slug:code>/decisions/<slug:decision>/merge/", decisions.merge, name="decision-merge"),
    path("<slug:code>/decisions/<slug:decision>/unmerge/", decisions.unmerge, name="decision-unmerge"),
    path("<slug:code>/decisions/<slug:decision>/leave-out/", decisions.leave_out, name="decision-leave-out"),
    path("<slug:code>/vote/", decisions.vote, name="vote"),
    path("<slug:code>/choose/", decisions.choose, name="choose"),
]
