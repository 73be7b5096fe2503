"""Has Django's administration use our site."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "progress.accounts.admin_site.AdministrationSite"
