from allthrive import features


class QuizzesConfig(features.FeatureConfig):
    name = "allthrive.quizzes"
    verbose_name = "Quizzes"
    url_prefix = "quizzes/"
