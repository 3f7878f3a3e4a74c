"""Bring a strategy in, keep a model, begin an assessment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from commonlight.web.assessment.domain.cutting import Cut, cut_text
from commonlight.web.assessment.domain.security_model import (
    BUILT_IN,
    ModelError,
    SecurityModel,
    built_in_text,
    digest_of,
    read_model,
)
from commonlight.web.assessment.enums import ClaimState
from commonlight.web.assessment.models import (
    Assessment,
    Assessor,
    Claim,
    KeptModel,
    Strategy,
    StrategyText,
)
from commonlight.web.content import read_content
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.workspaces.models import Membership, Organisation, Workspace

__all__ = [
    "MOST_CLAIMS",
    "StrategyError",
    "add_text",
    "begin_assessment",
    "bring_strategy",
    "claims_from",
    "keep_built_in",
    "keep_model",
    "models_of",
    "name_assessors",
]

PACKAGE = "commonlight.web.assessment"
MOST_CLAIMS = 1500


class StrategyError(ValueError):
    """A text or a choice that cannot be used, with the sentence that the person reads."""


@transaction.atomic
def bring_strategy(
    actor: Actor,
    *,
    title: str,
    text: str,
    language: str,
    authors: Iterable[Organisation] = (),
    file_name: str = "",
) -> Strategy:
    """A new strategy with the first version of its text.

    Raises
    ------
    StrategyError
        If the text holds no sentence, or far too many.
    """
    require(actor, "assessment.manage")
    _require_sentences(text, language)
    Workspace.objects.select_for_update().get(pk=actor.workspace.pk)
    last = Strategy.objects.of(actor.workspace).aggregate(last=Max("number"))["last"] or 0
    strategy: Strategy = Strategy.objects.create(
        workspace=actor.workspace,
        number=last + 1,
        title=title.strip(),
        language=language,
        created_by=actor.membership,
    )
    strategy.authors.set(authors)
    _keep_text(actor, strategy, 1, text, file_name)
    record(actor, "strategy.bring", strategy, number=strategy.number)
    return strategy


@transaction.atomic
def add_text(actor: Actor, strategy: Strategy, *, text: str, file_name: str = "") -> StrategyText:
    """A newer version of the text; what was assessed before keeps its own.

    Raises
    ------
    StrategyError
        If the text holds no sentence, far too many, or is the same as before.
    """
    require(actor, "assessment.manage", strategy)
    _require_sentences(text, strategy.language)
    Strategy.objects.of(actor.workspace).select_for_update().get(pk=strategy.pk)
    newest = strategy.texts.order_by("-number")[0]
    if newest.digest == digest_of(text):
        raise StrategyError(_("This is the same text as version %d.") % newest.number)
    made = _keep_text(actor, strategy, newest.number + 1, text, file_name)
    record(actor, "strategy.text", strategy, number=strategy.number, version=made.number)
    return made


@transaction.atomic
def begin_assessment(
    actor: Actor,
    strategy: Strategy,
    *,
    model: KeptModel,
    assessors: Iterable[Membership],
    text: StrategyText | None = None,
) -> Assessment:
    """A new assessment of the newest text, or of the one given, cut into claims by the rules."""
    require(actor, "assessment.manage", strategy)
    Strategy.objects.of(actor.workspace).select_for_update().get(pk=strategy.pk)
    last = strategy.assessments.aggregate(last=Max("number"))["last"] or 0
    made: Assessment = Assessment.objects.create(
        workspace=actor.workspace,
        strategy=strategy,
        number=last + 1,
        text=text or strategy.texts.order_by("-number")[0],
        model=model,
        created_by=actor.membership,
    )
    name_assessors(actor, made, assessors)
    Claim.objects.bulk_create(claims_from(made))
    record(actor, "assessment.begin", made, strategy=strategy.number, model=model.digest)
    return made


@transaction.atomic
def name_assessors(
    actor: Actor, assessment: Assessment, memberships: Iterable[Membership]
) -> list[Assessor]:
    """Ask people to assess; who was asked already stays.

    Raises
    ------
    StrategyError
        If somebody belongs to an organisation that wrote the strategy.
    """
    require(actor, "assessment.manage", assessment)
    authors = set(assessment.strategy.authors.values_list("pk", flat=True))
    made = []
    for one in memberships:
        if one.organisation_id in authors:
            raise StrategyError(
                _("%(organisation)s wrote this strategy, so its people give no verdict on it.")
                % {"organisation": one.organisation.name}
            )
        found, is_new = Assessor.objects.of(actor.workspace).get_or_create(
            workspace=actor.workspace, assessment=assessment, membership=one
        )
        made.append(found)
        if is_new:
            record(actor, "assessment.ask", assessment, membership=one.pk)
    return made


def claims_from(assessment: Assessment) -> list[Claim]:
    """The claims of the text as the rules cut it, not yet saved."""
    cut = cut_text(assessment.text.text, assessment.strategy.language)
    return [_claim(assessment, number, one) for number, one in enumerate(cut, 1)]


def models_of(workspace: Any) -> list[tuple[str, SecurityModel, KeptModel | None]]:
    """The models that can be chosen: those of the workbench, and those that were brought in."""
    found: list[tuple[str, SecurityModel, KeptModel | None]] = [
        (f"built-in:{name}", read_model(built_in_text(name)), None) for name in BUILT_IN
    ]
    own = KeptModel.objects.of(workspace).filter(is_own=True)
    found += [(f"kept:{one.pk}", read_model(one.content, translated=False), one) for one in own]
    return found


def keep_built_in(actor: Actor, name: str = BUILT_IN[0]) -> KeptModel:
    """The model of the workbench as it stands today, kept with what is assessed by it."""
    if name not in BUILT_IN:
        raise StrategyError(_("There is no such model."))
    return _kept(actor, built_in_text(name), is_own=False)


def keep_model(actor: Actor, text: str) -> KeptModel:
    """A model of the partnership's own; the same text is the same model.

    Raises
    ------
    ModelError
        If the text is no model, or one for tests only.
    """
    require(actor, "assessment.manage")
    model = read_model(text, translated=False)
    if model.for_tests_only and not actor.workspace.is_simulated:
        raise ModelError(_("This model is for tests only. Do not use it for an assessment."))
    return _kept(actor, text, is_own=True)


@transaction.atomic
def _kept(actor: Actor, text: str, *, is_own: bool) -> KeptModel:
    model = read_model(text, translated=False)
    kept, is_new = KeptModel.objects.of(actor.workspace).get_or_create(
        workspace=actor.workspace,
        digest=digest_of(text),
        defaults={
            "name": model.id,
            "version": model.version,
            "title": model.title[:200],
            "content": text,
            "is_own": is_own,
            "kept_by": actor.membership,
        },
    )
    if is_new and is_own:
        record(actor, "assessment.model", kept, name=model.id, version=model.version)
    found: KeptModel = kept
    return found


def _claim(assessment: Assessment, number: int, cut: Cut) -> Claim:
    return Claim(
        workspace=assessment.workspace,
        assessment=assessment,
        number=number,
        text=cut.text,
        start=cut.start,
        end=cut.end,
        heading=cut.heading,
        lead_in=cut.lead_in,
        state=ClaimState.UNREAD,
    )


def _keep_text(
    actor: Actor, strategy: Strategy, number: int, text: str, file_name: str
) -> StrategyText:
    made: StrategyText = StrategyText.objects.create(
        workspace=actor.workspace,
        strategy=strategy,
        number=number,
        text=text,
        digest=digest_of(text),
        file_name=file_name[:200],
        brought_by=actor.membership,
    )
    return made


def _require_sentences(text: str, language: str) -> None:
    rules = read_content(PACKAGE, "claims")
    most = int(rules["limits"]["text_chars_max"])
    if len(text) > most:
        raise StrategyError(
            _("The text has %(count)d characters; it may have %(most)d. Assess it part by part.")
            % {"count": len(text), "most": most}
        )
    count = len(cut_text(text, language))
    if not count:
        raise StrategyError(str(rules["text"]["nothing"]))
    if count > MOST_CLAIMS:
        raise StrategyError(
            _("The text has %(count)d sentences; it may have %(most)d. Assess it part by part.")
            % {"count": count, "most": MOST_CLAIMS}
        )
