"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from silin.assessment import desk_card as for_card
from silin.assessment import desk_catalogue as for_catalogue
from silin.assessment import desk_catalogue_row as for_row
from silin.assessment import desk_duties as for_duties
from silin.assessment import desk_heat as for_heat
from silin.assessment import desk_indicator as for_indicator
from silin.assessment import desk_league as for_league
from silin.assessment import desk_sources as for_sources
from silin.assessment import desk_task as for_task
from silin.assessment import desk_vetoes as for_vetoes
from silin.assessment import open as for_all

open = [
    path("open/communities/<slug:code>/card/", for_all.card, name="open_card"),
]
desk = [
    path("desk/assessment/", for_league.start, name="desk"),
    path("desk/assessment/catalogue/", for_catalogue.start, name="catalogues"),
    path("desk/assessment/catalogue/draft/", for_catalogue.draft, name="catalogue_draft"),
    path("desk/assessment/catalogue/<int:number>/", for_catalogue.version, name="catalogue"),
    path("desk/assessment/catalogue/<int:number>/changes/", for_catalogue.changes, name="changes"),
    path("desk/assessment/catalogue/<int:number>/trial.<slug:form>", for_catalogue.trial, name="trial_sheet"),
    path(
        "desk/assessment/catalogue/<int:number>/publish/", for_catalogue.publishing, name="catalogue_publish"
    ),
    path("desk/assessment/catalogue/<int:number>/drop/", for_catalogue.dropping, name="catalogue_drop"),
    path("desk/assessment/catalogue/<int:number>/new/<slug:sort>/", for_row.new, name="catalogue_new"),
    path("desk/assessment/catalogue/<int:number>/of/<str:row>/", for_row.row, name="catalogue_row"),
    path("desk/assessment/catalogue/<int:number>/of/<str:row>/edit/", for_row.edit, name="catalogue_edit"),
    path(
        "desk/assessment/catalogue/<int:number>/of/<str:row>/remove/",
        for_row.removing,
        name="catalogue_remove",
    ),
    path("desk/assessment/<slug:code>/", for_league.place, name="league"),
    path("desk/assessment/<slug:code>/list.<slug:form>", for_league.export, name="league_sheet"),
    path("desk/assessment/<slug:code>/heat/", for_heat.heat, name="heat"),
    path("desk/assessment/<slug:code>/duties/", for_duties.duties, name="duties"),
    path("desk/assessment/<slug:code>/duties.<slug:form>", for_duties.export, name="duties_sheet"),
    path("desk/assessment/<slug:code>/card/", for_card.card, name="card"),
    path("desk/assessment/<slug:code>/card.<slug:form>", for_card.export, name="card_sheet"),
    path("desk/assessment/<slug:code>/sources/", for_sources.sources, name="sources"),
    path("desk/assessment/<slug:code>/group/<str:task>/", for_task.task, name="task"),
    path("desk/assessment/<slug:code>/vetoes/", for_vetoes.vetoes, name="vetoes"),
    path("desk/assessment/<slug:code>/vetoes.<slug:form>", for_vetoes.export, name="vetoes_sheet"),
    path("desk/assessment/<slug:code>/vetoes/new/", for_vetoes.new, name="veto_new"),
    path("desk/assessment/<slug:code>/vetoes/<uuid:veto>/", for_vetoes.veto, name="veto"),
    path("desk/assessment/<slug:code>/of/<str:indicator>/", for_indicator.indicator, name="indicator"),
]
