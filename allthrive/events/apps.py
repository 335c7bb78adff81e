from allthrive import features


class EventsConfig(features.FeatureConfig):
    name = "allthrive.events"
    verbose_name = "Events"
    url_prefix = "events/"
    doorways = (
        features.Doorway(
            label="Events",
            url_name="events:index",
            group=features.TOGETHER,
            icon="event",
            invitation="Come to a community event",
            earns=("event_attended",),
        ),
    )
