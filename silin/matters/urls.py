"""Addresses of matters, by the front that shows them."""

from __future__ import annotations

from django.urls import path

from silin.matters import calling, clerk, open_map, photos, suggesting
from silin.matters import desk as for_desk
from silin.matters import desk_categories as for_categories
from silin.matters import desk_day as for_day
from silin.matters import desk_handover as for_shifts
from silin.matters import desk_league as for_league
from silin.matters import desk_outside as for_outside
from silin.matters import desk_outside_day as for_outside_day
from silin.matters import desk_rules as for_rules
from silin.matters import desk_several as for_several
from silin.matters import desk_slip as for_desk_slip
from silin.matters import desk_standing as for_overseers
from silin.matters import desk_views as for_views
from silin.matters import desk_watch as for_watchers
from silin.matters import open as for_all
from silin.matters import resident as by_resident
from silin.matters import resident_near as of_neighbours
from silin.matters import wall as for_wall
from silin.matters import worker as for_worker

everywhere = [
    path("categories/suggested/", suggesting.suggested, name="suggested"),
    path("categories/<slug:category>/questions/", suggesting.questions, name="questions"),
    path("m/<str:number>/photos/<uuid:pk>/", photos.photo, name="photo"),
    path("m/<str:number>/photos/<uuid:pk>/thumb/", photos.photo, {"thumb": True}, name="thumb"),
    path("m/<str:number>/voice/", photos.voice, name="voice"),
]
resident = [
    path("mine/", by_resident.mine, name="mine"),
    path("m/<str:number>/", by_resident.matter, name="resident_matter"),
    path("near/", of_neighbours.near, name="near"),
    path("near/map/", of_neighbours.near_map, name="near_map"),
    path("near/shapes.geojson", of_neighbours.near_shapes, name="near_shapes"),
    path("near/<str:number>/", of_neighbours.neighbour, name="neighbour"),
    path("r/", by_resident.review_slip, name="review_slip"),
    path("r/thanks/", by_resident.review_thanks, name="review_thanks"),
    path("r/<str:secret>/", by_resident.review_link, name="review"),
]
open = [
    path("open/m/<str:number>/", for_all.matter, name="open_matter"),
    path("open/matters.geojson", open_map.matters, name="open_map"),
]
worker = [
    path("a/<str:secret>/", clerk.part, name="part"),
    path("a/<str:secret>/photos/<uuid:pk>/", clerk.photo, name="part_photo"),
    path("a/<str:secret>/photos/<uuid:pk>/thumb/", clerk.photo, {"thumb": True}, name="part_thumb"),
    path("a/<str:secret>/voice/", clerk.voice, name="part_voice"),
    path("w/", for_worker.today, name="worker"),
    path("w/tasks/", for_worker.tasks, name="worker_tasks"),
    path("w/tasks/<str:number>/", for_worker.task, name="worker_task"),
    path("w/tasks/<str:number>/call/", calling.from_phone, name="worker_call"),
]
desk = [
    path("desk/", for_desk.inbox, name="desk"),
    path("desk/list.<slug:form>", for_desk.export, name="desk_export"),
    path("desk/views/", for_views.views, name="desk_views"),
    path("desk/several/", for_several.several, name="desk_several"),
    path("desk/new/", for_desk.new, name="desk_new"),
    path("desk/m/<str:number>/", for_desk.matter, name="desk_matter"),
    path("desk/m/<str:number>/call/", calling.from_desk, name="desk_call"),
    path("desk/m/<str:number>/for/<slug:system>/", for_outside_day.copy, name="desk_outside_copy"),
    path("desk/outside/", for_outside.listed, name="desk_outside"),
    path("desk/outside/set-up/", for_outside.every, name="desk_outside_all"),
    path("desk/outside/new/", for_outside.one, name="desk_outside_new"),
    path("desk/outside/<slug:system>/", for_outside.one, name="desk_outside_system"),
    path("desk/outside/<slug:system>/day/", for_outside_day.day, name="desk_outside_day"),
    path("desk/outside/<slug:system>/answers/", for_outside_day.answers, name="desk_outside_answers"),
    path("desk/outside/<slug:system>/list.<slug:form>", for_outside_day.export, name="desk_outside_sheet"),
    path("desk/day/", for_day.start, name="desk_day_start"),
    path("desk/day/<slug:code>/", for_day.place, name="desk_day"),
    path("desk/day/<slug:code>/<slug:which>/", for_day.matters, name="desk_day_matters"),
    path("desk/handover/", for_shifts.handovers, name="desk_handovers"),
    path("desk/handover/<uuid:handover>/", for_shifts.handover, name="desk_handover"),
    path("desk/rules/", for_rules.rules, name="desk_rules"),
    path("desk/rules/new/", for_rules.new, name="desk_rule_new"),
    path("desk/rules/<int:rule>/", for_rules.rule, name="desk_rule"),
    path("desk/standing/", for_overseers.start, name="desk_standing_start"),
    path("desk/standing/<slug:code>/", for_overseers.place, name="desk_standing"),
    path("desk/standing/<slug:code>/<slug:count>/", for_overseers.matters, name="desk_standing_matters"),
    path("desk/watch/", for_watchers.start, name="desk_watch_start"),
    path("desk/watch/<slug:code>/", for_watchers.place, name="desk_watch"),
    path("desk/watch/<slug:code>/list.<slug:form>", for_watchers.export, name="desk_watch_sheet"),
    path("desk/m/<str:number>/slip/", for_desk_slip.slip, name="desk_slip"),
    path("desk/categories/", for_categories.listed, name="desk_categories"),
    path("desk/categories/new/", for_categories.one, name="desk_category_new"),
    path("desk/categories/<slug:category>/", for_categories.one, name="desk_category"),
    path("desk/league/", for_league.start, name="desk_league"),
    path("desk/league/<slug:code>/", for_league.place, name="desk_league_place"),
    path("desk/league/<slug:code>/list.<slug:form>", for_league.export, name="desk_league_sheet"),
    path("desk/league/<slug:code>/matters/", for_league.matters, name="desk_league_matters"),
]
wall = [
    path("wall/", for_wall.start, name="wall"),
    path("wall/<slug:code>/", for_wall.wall, name="wall_place"),
]
