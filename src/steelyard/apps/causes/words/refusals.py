"""What the causes of a diagnosis refuse, and their job, in words."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "job.kind.causes.test": _("Testing the lenses"),
    "job.step.goals": _("Goals: was the target within reach?"),
    "job.step.process": _("Process: where does the work wait?"),
    "job.step.skills": _("Skills: who falls behind, and where?"),
    "job.step.resources": _("Resources: how much work is there a head?"),
    "job.step.morale": _("Morale: what did the surveys say before?"),
    "job.step.market": _("Market and product: did it hit everybody?"),
    "job.step.strategy": _("Strategy and mix: what moved?"),
    "causes.no-text": _("There is nothing written yet. Write it in a sentence, then save again."),
    "causes.text-too-long": _("That is too long: at most %(most|count)s characters."),
    "causes.overtaken": _("%(by)s saved another text first. Both are kept: read them, then decide."),
    "causes.unknown-lens": _("“%(lens)s” is no lens. Choose one of the seven."),
    "causes.no-test": _("This lens has not been tested on this diagnosis yet. Test the lenses first."),
    "causes.decided": _("This cause is decided already. Reopen it to change it."),
    "causes.not-decided": _("There is no decision on this cause to take back."),
    "causes.no-such-decision": _("A cause is confirmed or rejected. Choose one of the two."),
    "causes.no-reason": _("A decision needs its reason. Write it in a sentence."),
    "causes.nothing-behind": _(
        "Nothing stands behind this cause yet: neither a test nor evidence. Add one, then decide."
    ),
    "causes.too-deep": _(
        "After %(most)s whys the next one hardly helps. Stop at what can be acted on, or ask anew."
    ),
    "causes.not-weighed": _("Impact, effort and risk are each a number from 1 to 5."),
    "causes.withdrawn": _("This was withdrawn. Bring it back first."),
    "causes.in-the-future": _("The date lies in the future. When was it said, seen or measured?"),
    "causes.no-survey-cell": _(
        "There is no such result: groups of fewer than five answers are never shown, "
        "and those of other teams are not yours to see."
    ),
    "causes.no-figure": _("There is no figure of this KPI for that period and unit."),
}
