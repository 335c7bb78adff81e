from allthrive import features


class HuntsConfig(features.FeatureConfig):
    name = "allthrive.hunts"
    verbose_name = "Scavenger hunts"
    url_prefix = "hunts/"
    doorways = (
        features.Doorway(
            label="Scavenger hunts",
            url_name="hunts:index",
            group=features.PLAY,
            icon="hunt",
            invitation="Follow the clues of a scavenger hunt",
            earns=("scavenger_hunt_completed",),
        ),
    )
