from allthrive import features


class MentoringConfig(features.FeatureConfig):
    name = "allthrive.mentoring"
    verbose_name = "Mentoring"
    url_prefix = "mentoring/"
