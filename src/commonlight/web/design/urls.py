"""Addresses of the design of a problem."""

from django.urls import path

from commonlight.web.design.views import (
    concepts,
    home,
    ideas,
    notes,
    room,
    toolkit,
    votes,
    workshops,
)

app_name = "design"
BASE = "problems/<int:number>/design/"
SHOP = f"{BASE}workshops/<int:held>/"
VOTE = f"{BASE}votes/<int:vote>/"
CARD = f"{BASE}concepts/<int:concept>/"
urlpatterns = [
    path(BASE, home.home, name="home"),
    path(f"{BASE}workshops/", workshops.index, name="workshops"),
    path(f"{BASE}workshops/new/", workshops.new, name="workshop-new"),
    path(SHOP, workshops.workshop, name="workshop"),
    path(f"{SHOP}change/", workshops.change, name="workshop-change"),
    path(f"{SHOP}parts/", workshops.parts, name="parts"),
    path(f"{SHOP}agenda/", workshops.agenda, name="agenda"),
    path(f"{SHOP}cards/", workshops.cards, name="cards"),
    path(f"{SHOP}steps/<slug:name>/", workshops.step, name="workshop-step"),
    path(f"{SHOP}room/", room.seats, name="seats"),
    path(f"{SHOP}room/present/", room.present, name="present"),
    path(f"{SHOP}room/reasons/<slug:rule>/", room.reason, name="room-reason"),
    path(f"{SHOP}notes/", notes.index, name="notes"),
    path(f"{SHOP}notes/enter/", notes.enter, name="enter-notes"),
    path(f"{SHOP}notes/add/", notes.add, name="add-note"),
    path(f"{SHOP}notes/unsent/", notes.unsent, name="unsent"),
    path(f"{SHOP}notes/finish/", notes.finish, name="finish-notes"),
    path(f"{SHOP}notes/<int:note>/", notes.change, name="note"),
    path(f"{BASE}ideas/", ideas.index, name="ideas"),
    path(f"{BASE}ideas/new/", ideas.new, name="idea-new"),
    path(f"{BASE}ideas/<int:idea>/", ideas.idea, name="idea"),
    path(f"{BASE}ideas/<int:idea>/keep/", ideas.keep, name="keep"),
    path(f"{BASE}ideas/<int:idea>/release/", ideas.release, name="release"),
    path(f"{BASE}clusters/<int:pk>/", ideas.cluster, name="cluster"),
    path(f"{BASE}votes/", votes.index, name="votes"),
    path(f"{BASE}votes/new/", votes.new, name="vote-new"),
    path(VOTE, votes.vote, name="vote"),
    path(f"{VOTE}count/", votes.count, name="count-choose"),
    path(f"{VOTE}count/<slug:group>/", votes.count, name="count"),
    path(f"{VOTE}cast/", votes.cast, name="cast"),
    path(f"{VOTE}close/", votes.close, name="vote-close"),
    path(f"{VOTE}votes.csv", votes.export, name="votes-csv"),
    path(f"{BASE}concepts/", concepts.index, name="concepts"),
    path(f"{BASE}concepts/new/", concepts.new, name="concept-new"),
    path(CARD, concepts.concept, name="concept"),
    path(f"{CARD}change/", concepts.change, name="concept-change"),
    path(f"{CARD}versions/", concepts.versions, name="versions"),
    path(f"{CARD}tests/new/", concepts.record, name="test-new"),
    path(f"{CARD}steps/<slug:name>/", concepts.step, name="concept-step"),
    path(f"{CARD}approve/", concepts.approve, name="approve"),
    path(f"{CARD}specification/", toolkit.specification, name="specification"),
    path(f"{CARD}specification/change/", toolkit.change, name="specification-change"),
    path(f"{CARD}specification.<slug:name>", toolkit.export, name="specification-file"),
]
