"""Addresses of posts and people, by the front that shows them."""

from __future__ import annotations

from django.urls import path

from silin.people import desk as for_desk
from silin.people import desk_account, desk_search
from silin.people import open as for_all

desk = [
    path("desk/people/", desk_search.search, name="desk_people"),
    path("desk/people/<uuid:person>/account/", desk_account.account, name="desk_account"),
    path("desk/posts/", for_desk.start, name="desk_posts"),
    path("desk/posts/<slug:code>/", for_desk.posts, name="desk_posts_place"),
]

open = [path("open/communities/<slug:code>/", for_all.community, name="open_community")]
