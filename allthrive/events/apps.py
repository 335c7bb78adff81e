from allthrive import features


class EventsConfig(features.FeatureConfig):
    name = "allthrive.events"
    verbose_name = "Events"
    url_prefix = "events/"
