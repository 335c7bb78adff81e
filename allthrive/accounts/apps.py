from allthrive import features


class AccountsConfig(features.FeatureConfig):
    name = "allthrive.accounts"
    verbose_name = "Members"
    url_prefix = "account/"
