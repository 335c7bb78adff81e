from allthrive import features


class CirclesConfig(features.FeatureConfig):
    name = "allthrive.circles"
    verbose_name = "Circles"
    url_prefix = "circle/"
