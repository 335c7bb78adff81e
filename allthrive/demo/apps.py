from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "allthrive.demo"
    verbose_name = "Demonstration data"
