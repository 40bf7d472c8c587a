"""Addresses of signing in: every process has them."""

from __future__ import annotations

from django.urls import path

from silin.accounts import forgotten, locking, me, my_second_factor, second_steps, signing_in

everywhere = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/phone/", signing_in.send_code, name="send_code"),
    path("sign-in/code/", signing_in.enter_code, name="enter_code"),
    path("sign-in/second/", second_steps.second_step, name="second_factor"),
    path("forgotten/", forgotten.forgotten, name="forgotten"),
    path("forgotten/sent/", forgotten.sent, name="forgotten_sent"),
    path("forgotten/code/", forgotten.typed, name="forgotten_code"),
    path("set-password/<str:secret>/", forgotten.set_password, name="set_password"),
    path("unlock/", locking.unlock, name="unlock"),
    path("lock/", locking.lock, name="lock"),
    path("switch/", locking.switch, name="switch"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("me/sessions/", me.my_sessions, name="sessions"),
    path("me/password/", me.my_password, name="password"),
    path("me/second/", my_second_factor.my_second_factor, name="my_second_factor"),
]
desk = [
    path("desk/me/sessions/", me.my_sessions, name="desk_sessions"),
    path("desk/me/password/", me.my_password, name="desk_password"),
    path("desk/me/second/", my_second_factor.my_second_factor, name="desk_my_second_factor"),
]
worker = [
    path("w/me/sessions/", me.my_sessions, name="worker_sessions"),
    path("w/me/password/", me.my_password, name="worker_password"),
    path("w/me/second/", my_second_factor.my_second_factor, name="worker_my_second_factor"),
]
