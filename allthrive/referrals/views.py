"""Pages for inviting somebody, and for the person who was invited."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from allthrive.accounts.access import member
from allthrive.accounts.views import INVITED_BY
from allthrive.referrals import services
from allthrive.referrals.models import Invitation, Referral


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show one's link and who came through it."""
    me = member(request)
    invitation = Invitation.objects.filter(inviter=me).first()
    context = {
        "invitation": invitation,
        "link": request.build_absolute_uri(invitation.get_absolute_url()) if invitation else "",
        "referrals": Referral.objects.filter(inviter=me).select_related("invited"),
    }
    return render(request, "referrals/index.html", context)


@login_required
@require_POST
def make_link(request: HttpRequest) -> HttpResponse:
    """Make one's personal link."""
    services.make_invitation(member=member(request))
    return redirect("referrals:index")


@require_safe
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """Welcome a visitor who followed somebody's link, and lead them to the sign-up."""
    invitation = get_object_or_404(Invitation.objects.select_related("inviter"), code=code.lower())
    if request.user.is_authenticated:
        messages.info(request, "You are a member already. Send the link to somebody who isn't.")
        return redirect("referrals:index")
    # However they look around first, whoever joins in this session was invited.
    request.session[INVITED_BY] = invitation.code
    sign_up = f"{reverse('accounts:signup')}?{urlencode({'ref': invitation.code})}"
    return render(request, "referrals/accept.html", {"invitation": invitation, "sign_up": sign_up})
