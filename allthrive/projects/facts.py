"""What the awards around projects carry: the event's key, and what it was about."""

from typing import Any

from allthrive.projects.models import Feedback, Milestone, Project, Share


def created_facts(project: Project) -> dict[str, Any]:
    """Return the facts of a project's creation."""
    return {"event_key": f"project_created:{project.pk}", "project_id": project.pk}


def published_facts(project: Project) -> dict[str, Any]:
    """Return the facts of a project's publication."""
    return {"event_key": f"project_published:{project.pk}", "project_id": project.pk}


def feedback_facts(feedback: Feedback) -> dict[str, Any]:
    """Return the facts of feedback, with the member it was given to."""
    return {
        "event_key": f"feedback:{feedback.pk}",
        "project_id": feedback.project_id,
        "counterpart": feedback.project.owner_id,
    }


def share_facts(share: Share) -> dict[str, Any]:
    """Return the facts of sharing a project."""
    return {
        "event_key": f"project_share:{share.project_id}:{share.channel}",
        "project_id": share.project_id,
        "channel": share.channel,
        "counterpart": share.project.owner_id,
    }


def milestone_facts(milestone: Milestone) -> dict[str, Any]:
    """Return the facts of a project's milestone."""
    return {
        "event_key": f"project_milestone:{milestone.pk}",
        "project_id": milestone.project_id,
        "likes": milestone.likes,
    }


def keys_of(project: Project) -> list[str]:
    """Return the event keys of everything a project may have earned its owner."""
    return [
        created_facts(project)["event_key"],
        published_facts(project)["event_key"],
        *(milestone_facts(milestone)["event_key"] for milestone in project.milestones.all()),
    ]
