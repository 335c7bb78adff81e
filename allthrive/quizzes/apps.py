from allthrive import features


class QuizzesConfig(features.FeatureConfig):
    name = "allthrive.quizzes"
    verbose_name = "Quizzes"
    url_prefix = "quizzes/"
    doorways = (
        features.Doorway(
            label="Quizzes",
            url_name="quizzes:index",
            group=features.LEARN,
            icon="quiz",
            invitation="Take a quick quiz",
            earns=("quiz_completed",),
        ),
    )
