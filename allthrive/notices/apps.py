from allthrive import features


class NoticesConfig(features.FeatureConfig):
    name = "allthrive.notices"
    verbose_name = "Notices"
    url_prefix = "notices/"
