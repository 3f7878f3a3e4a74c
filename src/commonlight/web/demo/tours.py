"""A short guided tour for each demo person: where to look, and what to look for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["TOURS", "Place", "Stop", "place_of"]

Text = Promise | str
HOME = "/w/lindhafen/"


@dataclass(frozen=True)
class Stop:
    """One stop of a tour: its heading, what to look for, and the page."""

    title: Text
    text: Text
    address: str = HOME
    offers_sample: bool = False


@dataclass(frozen=True)
class Place:
    """A stop with its number, for the panel on the page."""

    key: str
    number: int
    total: int
    stop: Stop

    @property
    def address(self) -> str:
        """The page of the stop."""
        return self.stop.address

    @property
    def title(self) -> Text:
        """The heading of the stop."""
        return self.stop.title

    @property
    def text(self) -> Text:
        """What to look for."""
        return self.stop.text

    @property
    def offers_sample(self) -> bool:
        """Whether a file to try with is offered."""
        return self.stop.offers_sample

    def is_at(self, path: str) -> bool:
        """Whether that page is the one of the stop."""
        return urlsplit(self.address).path == path

    @property
    def before(self) -> int:
        """The number of the stop before, or 0."""
        return self.number - 1

    @property
    def after(self) -> int:
        """The number of the next stop, or 0 at the end."""
        return self.number + 1 if self.number < self.total else 0


TOURS: dict[str, tuple[Stop, ...]] = {
    "coordinator": (
        Stop(
            _("One place for all partners"),
            _(
                "This is the first page of the partnership of Lindhafen. It says what waits for "
                "you, what the newest audit found and whose voice is missing."
            ),
        ),
        Stop(
            _("Three problems, each at another point"),
            _(
                "One was just signalled, one is defined, one is near the end of its design. Open "
                "one: its path has seven pillars, and the page says what comes next."
            ),
            HOME + "problems/",
        ),
        Stop(
            _("Six partners are asked apart"),
            _(
                "Each says how it sees the yard in Weavers Gardens. Until the closing day nobody "
                "reads the others, not even you. Your own answer is still missing: give it."
            ),
            HOME + "problems/3/frames/1/",
        ),
        Stop(
            _("What the problem rests on, and who is not heard"),
            _(
                "Numbers and voices stand side by side, each with its owner. Below, groups that "
                "nobody has asked yet are named with the reason."
            ),
            HOME + "problems/1/sources/",
        ),
        Stop(
            _("What research says, in plain words"),
            _(
                "Type what worries you, such as litter or night. Each practice says where it "
                "worked, what it needs and whom it may harm."
            ),
            HOME + "knowledge/",
        ),
        Stop(
            _("Why it should work"),
            _(
                "Each step leads to the next with a reason, an assumption and a possible harm. "
                "Two links are unproven, and the picture shows it. Find them."
            ),
            HOME + "problems/2/theory/",
        ),
        Stop(
            _("One reply keeps the gate shut"),
            _(
                "Residents of the lanes asked something and wait. Reply with a reason, and the "
                "last gate of the design opens."
            ),
            HOME + "problems/2/design/engagement/register/",
        ),
        Stop(
            _("Who does what"),
            _(
                "Exactly one partner answers for each task, and each confirms its own part. The "
                "police have not confirmed one of theirs."
            ),
            HOME + "partnership/tasks/",
        ),
        Stop(
            _("Who brought what, and under which agreement"),
            _(
                "Every data set has an owner, a date of the next delivery and an agreement. "
                "What you may not see is listed by name, with the reason."
            ),
            HOME + "data/",
        ),
        Stop(
            _("Agreements decide who sees what"),
            _(
                "Open an agreement: purpose, fields, finest place and time, end. On the day "
                "after its end the data are gone from every page, file and interface."
            ),
            HOME + "agreements/",
        ),
        Stop(
            _("What the audit found"),
            _(
                "Each finding is one sentence with its chart, table, method, sources and limits. "
                "Use the filters, then open one finding: its address can be cited."
            ),
            HOME + "findings/",
        ),
        Stop(
            _("Recorded and felt"),
            _(
                "Where what the police record and what residents feel part ways. The list beside "
                "the map says the same without the map."
            ),
            HOME + "divergence/",
        ),
        Stop(
            _("Letting go to the public takes two"),
            _(
                "The analyst has proposed a release. You are the second person: look at exactly "
                "what the public would see, then let it go or return it with a comment."
            ),
            HOME + "releases/",
        ),
        Stop(
            _("Everything leaves a trace"),
            _(
                "Changes, reads of sensitive data, exports and refusals stand in a chained log. "
                "A changed line would be found."
            ),
            HOME + "log/",
        ),
    ),
    "analyst": (
        Stop(
            _("Your data space"),
            _("You see what your agency owns, and what others share with it under an agreement."),
            HOME + "data/",
        ),
        Stop(
            _("Quality before conclusions"),
            _(
                "The quality panel shows how complete, how late and how precise the records "
                "are, and whether a rule of recording changed. Below it stands why records were "
                "rejected."
            ),
            HOME + "data/recorded-crime/",
        ),
        Stop(
            _("Bring a file"),
            _(
                "Before anything is kept, you see the first rows as they will be read, a map of "
                "the points, and what would be rejected. A column with names stops the upload. "
                "No file at hand? Take the sample."
            ),
            HOME + "data/recorded-crime/upload/",
            offers_sample=True,
        ),
        Stop(
            _("Where it happens"),
            _(
                "The findings under “Problems and concerns” show hot spots with their "
                "denominators, and which of them survive another grid."
            ),
            HOME + "findings/?block=problems",
        ),
        Stop(
            _("Your records are one witness among several"),
            _(
                "The board of sources of Fuller Gardens lays records beside a survey, visits and "
                "talks. It marks what the police alone say."
            ),
            HOME + "problems/1/sources/",
        ),
        Stop(
            _("Share no more than agreed"),
            _(
                "The city shares its citizen reports with you. Ask for points: finer than agreed "
                "is refused, with what you may have instead. The refusal is logged."
            ),
            HOME + "data/residents-reports/export/",
        ),
        Stop(
            _("Propose a release"),
            _("Choose findings for the public. Somebody else must check before they go out."),
            HOME + "releases/",
        ),
    ),
    "partner": (
        Stop(
            _("Say how you see it, on your own"),
            _(
                "Seven short questions about Weavers Gardens. Your answer is sealed: nobody reads "
                "it before the closing day, and until then you may change it."
            ),
            HOME + "problems/3/frames/1/answer/",
        ),
        Stop(
            _("What all partners said in the pulse"),
            _(
                "Seven people answered. You see how far their answers lie apart, and never who "
                "said what. Small groups are not shown at all."
            ),
            HOME + "partnership/pulse/1/",
        ),
        Stop(
            _("What you see, and why"),
            _(
                "The police share counts by quarter and month with you, no single records. Your "
                "own site visits you see in full. Each line says why you see it, and until when."
            ),
            HOME + "data/",
        ),
        Stop(
            _("An agreement in plain words"),
            _("One waits for your signature. Open every part; unread parts cannot be signed."),
            HOME + "agreements/5/",
        ),
        Stop(
            _("Findings you may see"),
            _(
                "Findings finer than your agreement are left out, and the page says how many and "
                "why."
            ),
            HOME + "findings/",
        ),
        Stop(
            _("Who is in this partnership"),
            _("People stand by organisation and role."),
            HOME + "people/",
        ),
    ),
    "evaluator": (
        Stop(
            _("A strategy, sentence by sentence"),
            _(
                "The strategy is cut into 59 sentences, of which 44 touch a principle or value. "
                "You and the youth work have judged those apart, and differ on three. Open them: "
                "both views stand there, and neither is averaged away."
            ),
            HOME + "strategies/1/assessments/1/",
        ),
        Stop(
            _("A theory that can be wrong"),
            _(
                "Sixteen links with their mechanism and evidence. One has no evidence and one no "
                "mechanism; the checks and the picture say so."
            ),
            HOME + "problems/2/theory/",
        ),
        Stop(
            _("Every number comes from a run"),
            _(
                "Open a run: inputs by version and digest, parameters, seed and library version. "
                "The same inputs and parameters give the stored result back."
            ),
            HOME + "runs/",
        ),
        Stop(
            _("What a method can say and cannot say"),
            _("Each method has a page: assumptions, formula, how it was checked, references."),
            "/help/methods/",
        ),
        Stop(
            _("Findings with their limits"),
            _("Open a finding and read “What this cannot say”. Then cite it by its address."),
            HOME + "findings/",
        ),
        Stop(
            _("The same, for programs"),
            _("All that pages show is there for programs, with the same permissions."),
            "/api/",
        ),
    ),
    "decision_maker": (
        Stop(
            _("Fifteen minutes"),
            _("Start here: the newest headlines, how sure they are, and whose voice is missing."),
        ),
        Stop(
            _("One problem in three minutes"),
            _(
                "What happens, who says so, on what the partners differ, what is being done and "
                "what nobody knows. No raw data, no drafts."
            ),
            HOME + "problems/2/glance/",
        ),
        Stop(
            _("A strategy in fifteen minutes"),
            _(
                "The draft “Lindhafen Safe 2030” beside the European Security Model: what is "
                "shown, what is only claimed, and on what the two assessors differ."
            ),
            HOME + "strategies/1/assessments/1/brief/",
        ),
        Stop(
            _("Where the money goes, and where the harm lies"),
            _(
                "Most of the money goes to one problem that causes little of the measured harm. "
                "The mirror says what is not measured, and which question to ask."
            ),
            HOME + "strategies/1/assessments/1/mirror/",
        ),
        Stop(
            _("One finding, all its context"),
            _(
                "Open the first headline. The picture carries its title, source and date, so that "
                "a screenshot stays honest."
            ),
            HOME + "findings/",
        ),
        Stop(
            _("Where residents and records part ways"),
            _("Worry without records, and records without worry, need different answers."),
            HOME + "divergence/",
        ),
        Stop(
            _("What residents are told"),
            _("This is the public page: no sign-in, no cookie, the same figures."),
            "/public/lindhafen/",
        ),
    ),
    "stranger": (
        Stop(
            _("Another city"),
            _("You coordinate Fernstadt. Your own workspace is empty: nobody sees it but you."),
            "/w/fernstadt/",
        ),
        Stop(
            _("Nothing of Lindhafen"),
            _("This address exists, but not for you. You are told that there is no such page."),
            HOME + "findings/",
        ),
        Stop(
            _("Only what Lindhafen made public"),
            _("What two people of Lindhafen let go is for everybody, you included."),
            "/public/lindhafen/",
        ),
    ),
}


def place_of(key: str, number: int) -> Place | None:
    """A stop of a tour by its number from 1; None where there is none."""
    stops = TOURS.get(key, ())
    if not 1 <= number <= len(stops):
        return None
    return Place(key, number, len(stops), stops[number - 1])
