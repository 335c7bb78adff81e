from allthrive import features


class ChallengesConfig(features.FeatureConfig):
    name = "allthrive.challenges"
    verbose_name = "Weekly challenges"
    url_prefix = "challenges/"
