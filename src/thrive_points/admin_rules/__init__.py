"""Where product managers tune the economy: rules, their history, and experiments."""

from thrive_points.admin_rules.experiments import RuleExperimentAdmin
from thrive_points.admin_rules.rules import PointRuleAdmin

__all__ = ["PointRuleAdmin", "RuleExperimentAdmin"]
