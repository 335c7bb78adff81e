from django.apps import AppConfig


class WritingConfig(AppConfig):
    name = "allthrive.writing"
    verbose_name = "Writing"
