"""Addresses of the engagement of a problem."""

from django.urls import path

from commonlight.web.design.engagement.views import gates, plans, purpose, register

HERE = "problems/<int:number>/design/engagement/"

app_name = "engagement"
urlpatterns = [
    path(HERE, purpose.overview, name="engagement"),
    path(f"{HERE}purpose/", purpose.change, name="purpose"),
    path(f"{HERE}unheard/", purpose.unheard, name="unheard"),
    path(f"{HERE}confirm/", gates.confirm, name="confirm"),
    path(f"{HERE}back/", gates.back, name="back"),
    path(f"{HERE}gates/<slug:name>/", gates.go_on, name="gate"),
    path(f"{HERE}plans/new/", plans.new, name="plan_new"),
    path(f"{HERE}plans/<int:plan>/", plans.plan, name="plan"),
    path(f"{HERE}plans/<int:plan>/change/", plans.change, name="plan_change"),
    path(f"{HERE}plans/<int:plan>/methods/<slug:method>/", plans.choice, name="choice"),
    path(f"{HERE}plans/<int:plan>/methods/<slug:method>/drop/", plans.take_out, name="drop"),
    path(f"{HERE}hearings/new/", register.hearing_new, name="hearing_new"),
    path(f"{HERE}register/", register.index, name="register"),
    path(f"{HERE}register/new/", register.new, name="contribution_new"),
    path(f"{HERE}register/<int:contribution>/", register.answer, name="contribution"),
    path(f"{HERE}register/<int:contribution>/reopen/", register.withdraw, name="reopen"),
    path(f"{HERE}sheet/", register.sheet, name="sheet"),
]
