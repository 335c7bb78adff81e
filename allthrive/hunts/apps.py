from allthrive import features


class HuntsConfig(features.FeatureConfig):
    name = "allthrive.hunts"
    verbose_name = "Scavenger hunts"
    url_prefix = "hunts/"
