from allthrive import features


class CirclesConfig(features.FeatureConfig):
    name = "allthrive.circles"
    verbose_name = "Circles"
    url_prefix = "circle/"
    doorways = (
        features.Doorway(
            label="Your circle",
            url_name="circles:index",
            group=features.TOGETHER,
            icon="circle",
            invitation="Look in on your circle",
            earns=("circle_visited", "circle_reaction", "circle_joined"),
        ),
    )
