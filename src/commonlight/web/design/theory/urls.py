"""Addresses of the theory of a problem."""

from django.urls import path

from commonlight.web.design.theory.views import (
    chains,
    comments,
    files,
    links,
    pages,
    steps,
    versions,
)

app_name = "theory"
HERE = "problems/<int:number>/theory/"
urlpatterns = [
    path(HERE, pages.theory, name="theory"),
    path(f"{HERE}parts/", pages.parts, name="parts"),
    path(f"{HERE}chain/", chains.add, name="add-chain"),
    path(f"{HERE}steps/add/", steps.add, name="add-step"),
    path(f"{HERE}steps/<int:step>/", steps.change, name="step"),
    path(f"{HERE}steps/<int:step>/remove/", steps.remove, name="remove-step"),
    path(f"{HERE}steps/<int:step>/comment/", comments.on_step, name="comment-step"),
    path(f"{HERE}links/add/", links.add, name="add-link"),
    path(f"{HERE}links/<int:link>/", links.change, name="link"),
    path(f"{HERE}links/<int:link>/remove/", links.remove, name="remove-link"),
    path(f"{HERE}links/<int:link>/comment/", comments.on_link, name="comment-link"),
    path(f"{HERE}comments/", comments.add, name="comment"),
    path(f"{HERE}comments/<int:pk>/answer/", comments.answer, name="answer"),
    path(f"{HERE}versions/", versions.index, name="versions"),
    path(f"{HERE}versions/keep/", versions.keep, name="keep"),
    path(f"{HERE}versions/<int:version>/", versions.version, name="version"),
    path(f"{HERE}versions/<int:version>/restore/", versions.restore, name="restore"),
    path(f"{HERE}import/", files.bring, name="import"),
    path(f"{HERE}theory.svg", files.svg, name="svg"),
    path(f"{HERE}theory.json", files.json_file, name="json"),
    path(f"{HERE}theory.docx", files.docx, name="docx"),
    path(f"{HERE}theory.pptx", files.pptx, name="pptx"),
]
