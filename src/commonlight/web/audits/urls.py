"""Addresses of audits, findings and releases in a workspace."""

from django.urls import path, re_path

from commonlight.web.audits.views import finding, findings, plans, releases, reports

app_name = "audits"
FINDING = "findings/<int:run>/<str:key>/"
urlpatterns = [
    path("audits/", plans.index, name="plans"),
    path("audits/new/", plans.new, name="plan-new"),
    path("audits/<slug:plan>/", plans.detail, name="plan"),
    path("audits/<slug:plan>/change/", plans.change, name="plan-change"),
    path("audits/<slug:plan>/start/", plans.start, name="plan-start"),
    path("audits/<slug:plan>/compute/", findings.compute, name="compute"),
    path("findings/", findings.index, name="findings"),
    path("divergence/", findings.divergence, name="divergence"),
    re_path(
        r"^findings/(?P<run>[0-9]+)/report\.(?P<kind>html|pdf)$", reports.report, name="report"
    ),
    path(FINDING, finding.detail, name="finding"),
    path(FINDING + "files/<str:name>", finding.file, name="file"),
    path(FINDING + "map.json", finding.map_values, name="map"),
    path(FINDING + "geometry/<slug:digest>.geojson", finding.geometry, name="geometry"),
    re_path(
        r"^findings/(?P<run>[0-9]+)/(?P<key>[^/]+)/(?P<kind>chart|map)-(?P<width>wide|narrow)\.svg$",
        finding.picture,
        name="picture",
    ),
    path("releases/", releases.index, name="releases"),
    path("releases/propose/", releases.propose, name="release-propose"),
    path("releases/<int:number>/", releases.detail, name="release"),
    path("releases/<int:number>/decide/", releases.decide_on, name="release-decide"),
    re_path(
        r"^releases/(?P<number>[0-9]+)/(?P<key>[^/]+)/map-(?P<width>wide|narrow)\.svg$",
        releases.picture,
        name="release-picture",
    ),
    path("releases/<int:number>/withdraw/", releases.withdraw, name="release-withdraw"),
]
