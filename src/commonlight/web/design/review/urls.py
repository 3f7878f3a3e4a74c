"""Addresses of the review of a design and of its brief."""

from django.urls import path

from commonlight.web.design.review.views import briefs, checks, files, impact, tensions

HERE = "problems/<int:number>/design/"
BRIEF = f"{HERE}brief/<int:version>/"

app_name = "review"
urlpatterns = [
    path(f"{HERE}tensions/", tensions.index, name="tensions"),
    path(f"{HERE}tensions/<slug:card>/", tensions.answer, name="tension"),
    path(f"{HERE}impact/", impact.screen, name="impact"),
    path(f"{HERE}checks/<int:concept>/", checks.principles, name="principles"),
    path(f"{HERE}checks/<int:concept>/<slug:check>/", checks.principle, name="principle"),
    path(f"{HERE}guards/<int:concept>/", checks.guards, name="guards"),
    path(
        f"{HERE}guards/<int:concept>/<slug:part>/<slug:area>/<slug:name>/",
        checks.guard,
        name="guard",
    ),
    path(f"{HERE}brief/", briefs.brief, name="brief"),
    path(f"{HERE}brief/begin/", briefs.begin, name="begin"),
    path(f"{HERE}brief/write/", briefs.write, name="write"),
    path(f"{HERE}brief/propose/", briefs.propose, name="propose"),
    path(BRIEF, briefs.version, name="version"),
    path(f"{BRIEF}decide/", briefs.decide_on, name="decide"),
    path(f"{BRIEF}brief.pdf", files.pdf, name="pdf"),
    path(f"{BRIEF}brief.md", files.markdown, name="markdown"),
    path(f"{BRIEF}brief.json", files.json_file, name="json"),
]
