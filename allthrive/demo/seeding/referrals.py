"""Invitations of the demonstration community, and who came through them."""

from collections.abc import Iterator

from allthrive.demo.plan import Community, Event, event_of
from allthrive.referrals import services
from allthrive.referrals.models import CODE_ALPHABET, CODE_LENGTH, Invitation, Referral
from thrive_points import ActivityType


def seed(community: Community) -> Iterator[Event]:
    """Let some members have been invited by earlier ones, and yield what the inviters are paid."""
    rng = community.rng("referrals")
    by_arrival = sorted(
        (member for member in community.members if member.days),
        key=lambda member: (member.days[0], member.user.pk),
    )
    inviters = by_arrival[: max(1, len(by_arrival) // 3)]
    Invitation.objects.bulk_create(
        Invitation(
            inviter=member.user,
            # Drawn here and not by the model's default, so that a seed gives the same codes.
            code="".join(rng.choices(CODE_ALPHABET, k=CODE_LENGTH)),
            created_at=community.moment(member, member.days[0], rng),
        )
        for member in inviters
    )
    referrals: list[Referral] = []
    for member in by_arrival[len(inviters) :]:
        if rng.random() >= 0.4:
            continue
        joined = community.moment(member, member.days[0], rng)
        # On the day after the third on which they took part, when somebody sees it.
        active = next((day for day in member.days if community.counted_by(member, day)), None)
        converted = max(community.moment(member, active, rng), joined) if active else None
        referrals.append(
            Referral(
                inviter=rng.choice(inviters).user,
                invited=member.user,
                invited_at=joined,
                converted_at=converted,
                converted_by=ActivityType.QUIZ_COMPLETED if converted else "",
            )
        )
    for each in Referral.objects.bulk_create(referrals):
        if each.converted_at is not None:
            at = min(each.converted_at, community.now)
            yield event_of(each.inviter, ActivityType.REFERRAL_CONVERTED, services.facts(each), at)
