"""Addresses of posts and people, by the front that shows them."""

from __future__ import annotations

from django.urls import path

from silin.people import desk as for_desk
from silin.people import desk_account, desk_organisations, desk_posts, desk_search
from silin.people import open as for_all

desk = [
    path("desk/people/", desk_search.search, name="desk_people"),
    path("desk/people/<uuid:person>/account/", desk_account.account, name="desk_account"),
    path("desk/posts/", for_desk.start, name="desk_posts"),
    path("desk/posts/<slug:code>/", for_desk.posts, name="desk_posts_place"),
    path("desk/posts/<slug:code>/gaps/", desk_posts.missing, name="desk_gaps"),
    path("desk/post/<uuid:post>/", desk_posts.post, name="desk_post"),
    path("desk/organisations/", desk_organisations.start, name="desk_organisations"),
    path(
        "desk/organisations/<slug:code>/", desk_organisations.organisations, name="desk_organisations_place"
    ),
    path("desk/organisation/<uuid:organisation>/", desk_organisations.organisation, name="desk_organisation"),
    path("desk/estates/<int:estate>/runs/", desk_organisations.runs, name="desk_runs"),
]

open = [path("open/communities/<slug:code>/", for_all.community, name="open_community")]
