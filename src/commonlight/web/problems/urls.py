"""Addresses of the problems of a workspace."""

from django.urls import path

from commonlight.web.problems.views import (
    board,
    causes,
    framing,
    glance,
    joint,
    moving,
    problems,
    statements,
)

app_name = "problems"
ONE = "problems/<int:number>/"
ROUND = f"{ONE}frames/<int:round>/"
CAUSE = f"{ONE}causes/<int:cause>/"
urlpatterns = [
    path("problems/", problems.index, name="list"),
    path("problems/new/", problems.new, name="new"),
    path(ONE, problems.problem, name="problem"),
    path(f"{ONE}describe/", problems.describe_page, name="describe"),
    path(f"{ONE}glance/", glance.glance, name="glance"),
    path(f"{ONE}read/<slug:name>/", problems.read, name="read"),
    path(f"{ONE}statement/", statements.change, name="statement"),
    path(f"{ONE}statement/<int:version>/", statements.version, name="version"),
    path(f"{ONE}reframing/", statements.reframing, name="reframing"),
    path(f"{ONE}frames/", framing.rounds, name="frames"),
    path(f"{ONE}frames/ask/", framing.ask, name="ask"),
    path(ROUND, framing.one_round, name="round"),
    path(f"{ROUND}answer/", framing.answer, name="answer"),
    path(f"{ROUND}later/", framing.later, name="later"),
    path(f"{ROUND}open/", framing.close, name="close"),
    path(f"{ONE}causes/", causes.index, name="causes"),
    path(f"{ONE}causes/new/", causes.new, name="new-cause"),
    path(f"{ONE}causes/presume/", causes.presume, name="presume-causes"),
    path(CAUSE, causes.change, name="cause"),
    path(f"{CAUSE}withdraw/", causes.withdraw, name="withdraw-cause"),
    path(f"{ONE}sources/", board.board, name="sources"),
    path(f"{ONE}sources/voices/<slug:name>/", board.voice, name="voice"),
    path(f"{ONE}joint/", joint.joint, name="joint"),
    path(f"{ONE}define/", moving.define_page, name="define"),
    path(f"{ONE}start-design/", moving.start_design, name="start-design"),
    path(f"{ONE}redefine/", moving.redefine, name="redefine"),
    path(f"{ONE}set-aside/", moving.set_aside, name="set-aside"),
    path(f"{ONE}take-up/", moving.take_up, name="take-up"),
]
