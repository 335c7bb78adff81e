"""The admin, one face over the services and the selectors; Django's autodiscovery reads this.

PointsHistory has no list of its own, since the admin knows no composite keys: its page, found from
the economy's and from each member's XP, is in ledger.py.
"""

from django.contrib import admin

from thrive_points.admin.economy import PointsEconomyAdmin
from thrive_points.admin.experiments import RuleExperimentAdmin
from thrive_points.admin.members import UserThriveProfileAdmin
from thrive_points.admin.rules import PointRuleAdmin
from thrive_points.models import PointRule, PointsEconomy, RuleExperiment, UserThriveProfile

admin.site.register(PointRule, PointRuleAdmin)
admin.site.register(PointsEconomy, PointsEconomyAdmin)
admin.site.register(RuleExperiment, RuleExperimentAdmin)
admin.site.register(UserThriveProfile, UserThriveProfileAdmin)
