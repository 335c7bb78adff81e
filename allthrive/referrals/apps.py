from allthrive import features


class ReferralsConfig(features.FeatureConfig):
    name = "allthrive.referrals"
    verbose_name = "Referrals"
    url_prefix = "invite/"
    doorways = (
        features.Doorway(
            label="Invite friends",
            url_name="referrals:index",
            group=features.TOGETHER,
            icon="referral",
            invitation="Invite somebody you would like to learn with",
            earns=("referral_converted",),
        ),
    )

    def ready(self) -> None:
        """Listen for new members and for what they do first."""
        from allthrive.referrals import receivers  # noqa: F401
