from django.urls import path

from powertool.help import views

app_name = "help"
urlpatterns = [
    path("", views.index, name="index"),
    path("method/", views.method, name="method"),
    path("answer/", views.answer, name="answer"),
    path("facilitate/", views.facilitate, name="facilitate"),
    path("questions/", views.questions, name="questions"),
    path("words/", views.words, name="words"),
]
