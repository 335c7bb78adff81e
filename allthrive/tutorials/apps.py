from allthrive import features


class TutorialsConfig(features.FeatureConfig):
    name = "allthrive.tutorials"
    verbose_name = "Tutorials"
    url_prefix = "tutorials/"
    doorways = (
        features.Doorway(
            label="Tutorials",
            url_name="tutorials:index",
            group=features.LEARN,
            icon="tutorial",
            invitation="Work through a tutorial",
            earns=("tutorial_completed",),
        ),
    )
