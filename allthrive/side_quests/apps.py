from allthrive import features


class SideQuestsConfig(features.FeatureConfig):
    name = "allthrive.side_quests"
    verbose_name = "Side quests"
    url_prefix = "quests/"
    doorways = (
        features.Doorway(
            label="Side quests",
            url_name="side_quests:index",
            group=features.LEARN,
            icon="quest",
            invitation="Go on a side quest",
            earns=("side_quest_completed", "quest_chain_completed"),
        ),
    )
