from allthrive import features


class HomeConfig(features.FeatureConfig):
    name = "allthrive.home"
    verbose_name = "Home"
