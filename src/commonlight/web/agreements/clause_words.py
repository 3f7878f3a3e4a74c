"""The words of the clauses: what each settles, what is asked, and a wording to start from."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

__all__ = ["WORDS", "ClauseWords"]


class ClauseWords(NamedTuple):
    """Title, question, and a wording that can be taken over or changed."""

    title: Any
    question: Any
    suggestion: Any


WORDS = {
    "limits": ClauseWords(
        _("Limits of use"),
        _("What must the data not be used for?"),
        _(
            "The data are used for the purpose of this agreement only. They are not used for "
            "measures against single persons, and not to rank or predict persons."
        ),
    ),
    "persons": ClauseWords(
        _("No persons"),
        _("How do you make sure that nobody is recognised?"),
        _(
            "The data hold no names and no identifiers of persons. No party tries to recognise "
            "persons, also not by joining the data with other data. Who recognises somebody by "
            "accident tells the giving party at once."
        ),
    ),
    "onward": ClauseWords(
        _("Passing on"),
        _("May a receiver pass the data on, and to whom?"),
        _(
            "No receiver passes the data on to anybody who is not a party. Police data keep the "
            "limits that the law sets to their further use."
        ),
    ),
    "security": ClauseWords(
        _("Security"),
        _("How are the data kept safe?"),
        _(
            "The data stay in this workbench. Who exports them keeps them encrypted, gives access "
            "only to those who need it for the purpose, and deletes the export after use."
        ),
    ),
    "breach": ClauseWords(
        _("When something goes wrong"),
        _("Who tells whom, and how soon, if data get lost or are seen by others?"),
        _(
            "Who notices that data were lost or seen by others tells all parties within 24 hours. "
            "The giving party decides on the notice to the supervisory authority."
        ),
    ),
    "publication": ClauseWords(
        _("Publication"),
        _("Who decides what may be published, and which small numbers are withheld?"),
        _(
            "Results are published only after a second person has checked them in this workbench. "
            "Small counts are withheld by its rules, also where they could be worked out from "
            "totals."
        ),
    ),
    "storage": ClauseWords(
        _("How long data are kept"),
        _("When are the data deleted?"),
        _(
            "On the day after the agreement ends the receivers see the data no more. Exports are "
            "deleted within 30 days. Findings that were released to the public stay public."
        ),
    ),
    "return_flow": ClauseWords(
        _("What comes back"),
        _("What does each party give to the others, and when?"),
        _("Each party gives the data named in this agreement once in each quarter."),
    ),
    "return_corrections": ClauseWords(
        _("Corrections"),
        _("How do corrections reach the party that gave the data?"),
        _(
            "Who finds an error tells the steward of the data set. The giving party answers within "
            "30 days and brings a corrected version."
        ),
    ),
    "joint_duties": ClauseWords(
        _("Duties of joint controllers"),
        _("Which party carries which duty towards residents?"),
        _(
            "The party that coordinates answers requests of residents. Each party informs "
            "residents about the data that it collects itself."
        ),
    ),
    "joint_essence": ClauseWords(
        _("What residents are told"),
        _("Where can residents read the essence of this arrangement, and which office answers?"),
        _(
            "The public register of this workspace shows the essence of this agreement. The office "
            "named there answers questions."
        ),
    ),
    "decisions": ClauseWords(
        _("How decisions are taken"),
        _("Which decisions need all parties, and which one party alone?"),
        _(
            "The parties decide by consent. Each party decides alone about its own data and can "
            "stop their use at any time."
        ),
    ),
    "dispute": ClauseWords(
        _("When parties disagree"),
        _("What happens when parties disagree?"),
        _(
            "The signatories meet within two weeks. If they do not agree, the coordinator names a "
            "person whom all accept to mediate. Until then the narrower reading holds."
        ),
    ),
    "exit": ClauseWords(
        _("Leaving"),
        _("How does a party leave, and what happens to its data?"),
        _(
            "A party can end this agreement at any time, with its reason. From that moment the "
            "others no longer see its data."
        ),
    ),
    "power": ClauseWords(
        _("Differences in power"),
        _("Which party is stronger in staff, data or legal powers, and what evens it out?"),
        _(
            "The parties differ in staff, data and legal powers. No party needs to give more than "
            "it can, and none loses its place in the partnership because it refuses a request."
        ),
    ),
    "review": ClauseWords(
        _("Review"),
        _("When do the parties look at this agreement again?"),
        _("The parties review this agreement once a year."),
    ),
}
