from allthrive import features


class ReferralsConfig(features.FeatureConfig):
    name = "allthrive.referrals"
    verbose_name = "Referrals"
    url_prefix = "invite/"

    def ready(self) -> None:
        """Listen for new members and for what they do first."""
        from allthrive.referrals import receivers  # noqa: F401
