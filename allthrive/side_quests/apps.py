from allthrive import features


class SideQuestsConfig(features.FeatureConfig):
    name = "allthrive.side_quests"
    verbose_name = "Side quests"
    url_prefix = "quests/"
