from allthrive import features


class ProjectsConfig(features.FeatureConfig):
    name = "allthrive.projects"
    verbose_name = "Projects"
    url_prefix = "projects/"
    doorways = (
        features.Doorway(
            label="Projects",
            url_name="projects:index",
            group=features.CREATE,
            icon="project",
            invitation="Give feedback on a project",
            earns=("feedback_given", "project_shared"),
        ),
        features.Doorway(
            label="My projects",
            url_name="projects:mine",
            group=features.CREATE,
            icon="bolt",
            invitation="Start or publish a project",
            earns=("project_created", "project_published", "project_milestone_reached"),
        ),
    )
