"""Addresses of posts and people, by the front that shows them."""

from __future__ import annotations

from django.urls import path

from silin.people import desk as for_desk
from silin.people import (
    desk_account,
    desk_administrators,
    desk_clients,
    desk_organisations,
    desk_posts,
    desk_requests,
    desk_retention,
    desk_rosters,
    desk_running,
    desk_search,
    desk_seats,
    desk_teams,
    me,
    privacy,
    register_desk,
    register_entry,
    register_moving,
    register_twice,
    register_worker,
)
from silin.people import open as for_all
from silin.people import resident as by_resident
from silin.people import worker as by_worker

resident = [
    path("me/privacy/", privacy.held, name="privacy"),
    path("me/privacy/wrong/<str:field>/", privacy.wrong, name="privacy_wrong"),
    path("me/privacy/export/", privacy.export, name="privacy_export"),
    path("me/privacy/delete/", privacy.delete, name="privacy_delete"),
    path("me/privacy/gone/", privacy.gone, name="privacy_gone"),
    path("join/<str:secret>/", by_resident.join, name="join"),
]
worker = [
    path("w/me/", me.me, name="worker_me"),
    path("w/me/privacy/", privacy.held, name="worker_privacy"),
    path("w/me/privacy/export/", privacy.export, name="worker_privacy_export"),
    path("w/me/privacy/delete/", privacy.delete, name="worker_privacy_delete"),
    path("w/me/privacy/gone/", privacy.gone, name="worker_privacy_gone"),
    path("w/roster/", by_worker.roster, name="worker_roster"),
    path("w/household/", register_worker.households, name="worker_households"),
    path("w/household/<uuid:household>/", register_worker.household, name="worker_household"),
    path("w/household/<uuid:household>/move/", register_moving.worker, name="worker_move"),
    path("w/household/<uuid:household>/<uuid:entry>/", register_worker.number, name="worker_number"),
    path("w/household/<uuid:household>/<uuid:entry>/entry/", register_entry.worker, name="worker_entry"),
]
desk = [
    path("desk/me/", me.me, name="desk_me"),
    path("desk/me/privacy/", privacy.held, name="desk_privacy"),
    path("desk/me/privacy/export/", privacy.export, name="desk_privacy_export"),
    path("desk/me/privacy/delete/", privacy.delete, name="desk_privacy_delete"),
    path("desk/me/privacy/gone/", privacy.gone, name="desk_privacy_gone"),
    path("desk/people/", desk_search.search, name="desk_people"),
    path("desk/people/<uuid:person>/account/", desk_account.account, name="desk_account"),
    path("desk/households/", register_desk.start, name="desk_households"),
    path("desk/households/<slug:code>/", register_desk.households, name="desk_households_place"),
    path("desk/households/<slug:code>/twice/", register_twice.twice, name="desk_households_twice"),
    path("desk/household/<uuid:household>/", register_desk.household, name="desk_household"),
    path("desk/household/<uuid:household>/move/", register_moving.desk, name="desk_move"),
    path("desk/household/<uuid:household>/<uuid:entry>/", register_desk.number, name="desk_number"),
    path("desk/household/<uuid:household>/<uuid:entry>/entry/", register_entry.desk, name="desk_entry"),
    path("desk/requests/", desk_requests.listed, name="desk_requests"),
    path("desk/requests/<uuid:ask>/", desk_requests.one, name="desk_request"),
    path("desk/retention/", desk_retention.listed, name="desk_retention"),
    path("desk/retention/<str:field>/", desk_retention.one, name="desk_retention_one"),
    path("desk/posts/", for_desk.start, name="desk_posts"),
    path("desk/posts/<slug:code>/", for_desk.posts, name="desk_posts_place"),
    path("desk/posts/<slug:code>/new/", desk_seats.new_seat, name="desk_new_seat"),
    path("desk/posts/<slug:code>/gaps/", desk_posts.missing, name="desk_gaps"),
    path("desk/post/<uuid:post>/", desk_posts.post, name="desk_post"),
    path("desk/clients/", desk_clients.listed, name="desk_clients"),
    path("desk/clients/new/", desk_clients.new, name="desk_new_client"),
    path("desk/clients/<uuid:client>/", desk_clients.one, name="desk_client"),
    path("desk/administrators/", desk_administrators.administrators, name="desk_administrators"),
    path("desk/organisations/", desk_organisations.start, name="desk_organisations"),
    path(
        "desk/organisations/<slug:code>/", desk_organisations.organisations, name="desk_organisations_place"
    ),
    path("desk/organisation/<uuid:organisation>/", desk_organisations.organisation, name="desk_organisation"),
    path("desk/rosters/", desk_rosters.start, name="desk_rosters"),
    path("desk/rosters/<slug:code>/", desk_rosters.roster, name="desk_roster"),
    path("desk/rosters/<slug:code>/sheet/", desk_rosters.sheet, name="desk_roster_sheet"),
    path("desk/post/<uuid:post>/week/", desk_rosters.seat, name="desk_seat_week"),
    path("desk/teams/", desk_teams.start, name="desk_teams"),
    path("desk/teams/<slug:code>/", desk_teams.teams, name="desk_teams_place"),
    path("desk/team/<uuid:team>/", desk_teams.team, name="desk_team"),
    path("desk/estates/<int:estate>/runs/", desk_running.estate, name="desk_estate_runs"),
    path("desk/blocks/<int:block>/runs/", desk_running.block, name="desk_block_runs"),
    path("desk/facilities/<int:facility>/runs/", desk_running.facility, name="desk_facility_runs"),
]

open = [
    path("open/communities/<slug:code>/", for_all.community, name="open_community"),
    path("open/grid/", for_all.grid, name="open_grid"),
]
