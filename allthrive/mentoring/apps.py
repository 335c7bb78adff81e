from allthrive import features


class MentoringConfig(features.FeatureConfig):
    name = "allthrive.mentoring"
    verbose_name = "Mentoring"
    url_prefix = "mentoring/"
    doorways = (
        features.Doorway(
            label="Mentoring",
            url_name="mentoring:index",
            group=features.TOGETHER,
            icon="mentor",
            invitation="Mentor another member",
            earns=("mentor_session_held",),
        ),
    )
