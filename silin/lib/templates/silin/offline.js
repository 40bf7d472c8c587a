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
  for (const name of await caches.keys()) if (name !== SHELF && name !== WORK) await caches.delete(name);
  await self.clients.claim();
  const work = await caches.open(WORK);
  for (const page of await work.keys()) await renew(work, page).catch(() => undefined);
}

/** Pages that say so open without a network; kept.ts takes them away from whoever comes next. */
const WORK = "silin-work";

async function note(work, address, answer) {
  if (answer.ok && !answer.redirected && answer.headers.get("Silin-Offline") === "keep") await work.put(address, answer.clone());
}

/** A new version looks otherwise: what is kept is fetched anew, and stays where that fails. */
async function renew(work, page) {
  await note(work, page.url, await fetch(page.url));
}

async function ask(request, kept) {
  try {
    const answer = await fetch(request);
    if (request.mode === "navigate") await note(await caches.open(WORK), request.url, answer);
    return answer;
  } catch (lost) {
    const work = request.mode === "navigate" && (await caches.match(request.url, { cacheName: WORK, ignoreVary: true }));
    if (work) return work;
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
