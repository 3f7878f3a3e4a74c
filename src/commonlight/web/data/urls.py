"""Addresses of the data pages of a workspace."""

from django.urls import path

from commonlight.web.data.views import (
    catalogue,
    datasets,
    exports,
    requests,
    uploads,
    versions,
    wizard,
)

app_name = "data"
urlpatterns = [
    path("data/", catalogue.listing, name="list"),
    path("data/new/", catalogue.new, name="new"),
    path("data/trash/", catalogue.trash, name="trash"),
    path("data/requests/", requests.listing, name="requests"),
    path("data/requests/<int:pk>/", requests.answer, name="request"),
    path("data/requests/<int:pk>/withdraw/", requests.withdraw, name="withdraw"),
    path("data/uploads/<int:pk>/", wizard.upload, name="upload"),
    path("data/uploads/<int:pk>/state/", uploads.state, name="upload-state"),
    path("data/uploads/<int:pk>/piece/", uploads.piece, name="piece"),
    path("data/uploads/<int:pk>/finish/", uploads.finish, name="finish"),
    path("data/uploads/<int:pk>/discard/", uploads.discard, name="discard"),
    path("data/uploads/<int:pk>/mapping/", wizard.mapping, name="mapping"),
    path("data/uploads/<int:pk>/mapping.toml", wizard.mapping_toml, name="mapping-file"),
    path("data/uploads/<int:pk>/preview/", wizard.live_preview, name="live-preview"),
    path("data/uploads/<int:pk>/classes/", wizard.classes, name="classes"),
    path("data/uploads/<int:pk>/columns/", wizard.columns, name="columns"),
    path("data/uploads/<int:pk>/check/", wizard.check, name="check"),
    path("data/<slug:slug>/", datasets.dataset, name="dataset"),
    path("data/<slug:slug>/edit/", datasets.edit, name="edit"),
    path("data/<slug:slug>/people/", datasets.roles, name="roles"),
    path("data/<slug:slug>/people/<int:pk>/remove/", datasets.drop_role, name="drop-role"),
    path("data/<slug:slug>/sharing/", datasets.sharing, name="sharing"),
    path("data/<slug:slug>/delete/", datasets.delete, name="delete"),
    path("data/<slug:slug>/restore/", datasets.restore, name="restore"),
    path("data/<slug:slug>/compare/", datasets.comparison, name="compare"),
    path("data/<slug:slug>/upload/", uploads.bring, name="bring"),
    path("data/<slug:slug>/upload/start/", uploads.start, name="start-upload"),
    path("data/<slug:slug>/export/", exports.export, name="export"),
    path("data/<slug:slug>/exports/<int:pk>/", exports.exported, name="exported"),
    path("data/<slug:slug>/exports/<int:pk>/<str:name>", exports.exported_file, name="export-file"),
    path("data/<slug:slug>/versions/<int:number>/", versions.version, name="version"),
    path("data/<slug:slug>/versions/<int:number>/rejected/", versions.rejected, name="rejected"),
    path(
        "data/<slug:slug>/versions/<int:number>/rejected.csv",
        versions.rejected_file,
        name="rejected-file",
    ),
    path(
        "data/<slug:slug>/versions/<int:number>/mapping.toml",
        versions.mapping_file,
        name="version-mapping",
    ),
]
