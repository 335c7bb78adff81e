from allthrive import features


class BattlesConfig(features.FeatureConfig):
    name = "allthrive.battles"
    verbose_name = "Prompt battles"
    url_prefix = "battles/"
