from allthrive import features


class TutorialsConfig(features.FeatureConfig):
    name = "allthrive.tutorials"
    verbose_name = "Tutorials"
    url_prefix = "tutorials/"
