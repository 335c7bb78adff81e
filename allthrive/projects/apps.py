from allthrive import features


class ProjectsConfig(features.FeatureConfig):
    name = "allthrive.projects"
    verbose_name = "Projects"
    url_prefix = "projects/"
