"""Concepts in the admin. The library's files stay the source: a changed file wins over a change made here."""

from django.contrib import admin

from concepts.models import Concept, ModelAnswer, Section, Subsection, SyllabusSource


class ModelAnswerInline(admin.StackedInline):
    model = ModelAnswer


@admin.register(Concept)
class ConceptAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "subsection", "priority", "week"]
    list_filter = ["priority", "week", "subsection__section"]
    list_select_related = ["subsection__section"]
    search_fields = ["code", "name"]
    filter_horizontal = ["prerequisites"]
    inlines = [ModelAnswerInline]


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ["name", "position"]


@admin.register(Subsection)
class SubsectionAdmin(admin.ModelAdmin):
    list_display = ["name", "section", "position"]
    list_select_related = ["section"]


@admin.register(SyllabusSource)
class SyllabusSourceAdmin(admin.ModelAdmin):
    list_display = ["title", "slug", "position"]
