{% load static %}"use strict";
const PAGE = "{% url 'lib:offline' %}";
const KEPT = ["{% static 'silin/silin.css' %}", "{% static 'silin/pages.js' %}", "{% static 'silin/icons.svg' %}", "{% static 'silin/silin.svg' %}"];
const SHELF = ["silin", ...KEPT].join(" ");

async function keep() {
  const shelf = await caches.open(SHELF);
  await shelf.addAll([new Request(PAGE, { credentials: "omit" }), ...KEPT]);
  await self.skipWaiting();
}

async function tidy() {
  for (const name of await caches.keys()) if (name !== SHELF) await caches.delete(name);
  await self.clients.claim();
}

async function ask(request, kept) {
  try {
    return await fetch(request);
  } catch (lost) {
    const found = await caches.match(kept, { ignoreVary: true });
    if (found) return found;
    throw lost;
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(ask(request, PAGE));
  else if (KEPT.includes(new URL(request.url).pathname)) event.respondWith(ask(request, request));
});
