"""Addresses of the strategies of a workspace."""

from django.urls import path

from commonlight.web.assessment.views import (
    assessments,
    claims,
    mirror,
    recommendations,
    results,
    strategies,
)

app_name = "assessment"
ONE = "strategies/<int:number>/"
HERE = f"{ONE}assessments/<int:edition>/"
CLAIM = f"{HERE}claims/<int:pk>/"
ROW = f"{HERE}mirror/rows/<int:row>/"
ADVICE = f"{HERE}recommendations/<int:pk>/"

urlpatterns = [
    path("strategies/", strategies.index, name="list"),
    path("strategies/new/", strategies.new, name="new"),
    path("strategies/models/", strategies.models, name="models"),
    path("strategies/models/new/", strategies.load_model, name="load_model"),
    path("strategies/models/<int:pk>/", strategies.model, name="model"),
    path("strategies/models/files/<slug:name>/", strategies.model_file, name="model_file"),
    path(ONE, strategies.strategy, name="strategy"),
    path(f"{ONE}text/", strategies.add_version, name="text"),
    path(f"{ONE}assess/", strategies.assess, name="assess"),
    path(f"{ONE}documents/new/", strategies.document, name="document"),
    path(f"{ONE}documents/<int:pk>/withdraw/", strategies.withdraw, name="withdraw"),
    path(HERE, assessments.assessment, name="assessment"),
    path(f"{HERE}cut/", assessments.cut, name="cut"),
    path(f"{HERE}cut/again/", assessments.cut_anew, name="cut_again"),
    path(f"{HERE}cut/start/", assessments.begin_reading, name="start"),
    path(f"{HERE}cut/join/", strategies.join_ticked, name="join_ticked"),
    path(f"{HERE}cut/<int:pk>/divide/", assessments.divide, name="divide"),
    path(f"{HERE}assessors/", assessments.assessors, name="assessors"),
    path(f"{HERE}send/", assessments.send, name="send"),
    path(f"{HERE}finish/", assessments.finish_page, name="finish"),
    path(f"{HERE}reopen/", assessments.reopen_page, name="reopen"),
    path(f"{HERE}share/", assessments.share, name="share"),
    path(f"{HERE}claims/", claims.claims, name="claims"),
    path(f"{HERE}tag/", claims.tag, name="tag"),
    path(f"{HERE}judge/", claims.judge, name="judge"),
    path(f"{HERE}absent/<slug:name>/", claims.absent, name="absent"),
    path(CLAIM, claims.claim, name="claim"),
    path(f"{CLAIM}evidence/", claims.evidence, name="evidence"),
    path(f"{CLAIM}evidence/<int:link>/remove/", claims.remove, name="remove"),
    path(f"{HERE}matrix/", results.matrix, name="matrix"),
    path(f"{HERE}brief/", results.brief, name="brief"),
    path(f"{HERE}sheets/", results.sheets, name="sheets"),
    path(f"{HERE}sheets/make/", results.make_pdf, name="make_pdf"),
    path(f"{HERE}sheets/assessment.pdf", results.pdf, name="pdf"),
    path(f"{HERE}files/<str:name>", results.file, name="file"),
    path(f"{HERE}mirror/", mirror.mirror, name="mirror"),
    path(f"{HERE}mirror/totals/", mirror.totals, name="totals"),
    path(f"{HERE}mirror/weights/", mirror.weights, name="weights"),
    path(f"{HERE}mirror/rows/new/", mirror.new_row, name="new_row"),
    path(ROW, mirror.change_row, name="row"),
    path(f"{ROW}remove/", mirror.remove, name="remove_row"),
    path(f"{HERE}recommendations/", recommendations.recommendations, name="recommendations"),
    path(f"{HERE}recommendations/new/", recommendations.new, name="recommend"),
    path(ADVICE, recommendations.recommendation, name="recommendation"),
    path(f"{ADVICE}send/", recommendations.send, name="send_advice"),
    path(f"{ADVICE}accept/", recommendations.accept, name="accept"),
    path(f"{ADVICE}decline/", recommendations.decline, name="decline"),
    path(f"{ADVICE}close/", recommendations.close, name="close"),
    path(f"{ADVICE}reopen/", recommendations.reopen, name="reopen_advice"),
]
