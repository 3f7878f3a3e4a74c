"""Addresses that everybody may open: released findings."""

from django.urls import path, re_path

from commonlight.web.audits.views import public

app_name = "audits-public"
FINDING = "findings/<int:number>/<str:key>/"
urlpatterns = [
    path("findings/", public.index, name="findings"),
    path("findings/<int:number>/", public.brief, name="brief"),
    path("findings/<int:number>/report.pdf", public.report, name="report"),
    path(FINDING, public.finding, name="finding"),
    path(FINDING + "files/<str:name>", public.file, name="file"),
    path(FINDING + "map.json", public.map_values, name="map"),
    path(FINDING + "geometry/<slug:digest>.geojson", public.geometry, name="geometry"),
    re_path(
        r"^findings/(?P<number>[0-9]+)/(?P<key>[^/]+)/(?P<kind>chart|map)-(?P<width>wide|narrow)\.svg$",
        public.picture,
        name="picture",
    ),
]
