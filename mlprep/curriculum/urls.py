"""Addresses of topics."""

from django.urls import path

from mlprep.curriculum import topics

app_name = "topics"
urlpatterns = [
    path("", topics.topic_list, name="list"),
    path("<slug:slug>/", topics.topic_page, name="detail"),
    path("<slug:slug>/read/", topics.read, name="read"),
    path("<slug:slug>/folder.zip", topics.folder, name="folder"),
    path("<slug:slug>/diagrams/<slug:name>-<slug:theme>.svg", topics.diagram, name="diagram"),
]
