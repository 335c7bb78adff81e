from allthrive import features


class ChallengesConfig(features.FeatureConfig):
    name = "allthrive.challenges"
    verbose_name = "Weekly challenges"
    url_prefix = "challenges/"
    doorways = (
        features.Doorway(
            label="Weekly challenge",
            url_name="challenges:index",
            group=features.PLAY,
            icon="challenge",
            invitation="Take on this week's challenge",
            earns=("challenge_opted_in", "weekly_challenge_submitted"),
            granted=("weekly_challenge_completed",),
        ),
    )
