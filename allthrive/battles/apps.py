from allthrive import features


class BattlesConfig(features.FeatureConfig):
    name = "allthrive.battles"
    verbose_name = "Prompt battles"
    url_prefix = "battles/"
    doorways = (
        features.Doorway(
            label="Battles",
            url_name="battles:index",
            group=features.PLAY,
            icon="battle",
            invitation="Battle another member over a prompt",
            earns=("battle_participated", "battle_won"),
        ),
    )
