/** Pages that open without a network (`offline.js` keeps them): only for whoever is signed in. `[data-keep="address"]` is
 *  kept before it was ever opened, so that it is there on a staircase without a signal. */
const SHELF = "silin-work";
const WHOSE = "silin.kept-for";

async function keep(address: string): Promise<void> {
  const shelf = await caches.open(SHELF);
  const page = new URL(address, location.href).href;
  if (await shelf.match(page)) return;
  const answer = await fetch(page, { headers: { Accept: "text/html" } });
  if (answer.ok && !answer.redirected && answer.headers.get("Silin-Offline") === "keep") await shelf.put(page, answer);
}

async function start(): Promise<void> {
  const viewer = document.body.dataset["viewer"] ?? "";
  if (localStorage.getItem(WHOSE) !== viewer) await caches.delete(SHELF);
  localStorage.setItem(WHOSE, viewer);
  const address = document.querySelector<HTMLElement>("[data-keep]")?.dataset["keep"];
  if (viewer && address && navigator.onLine) await keep(address);
}

export function startKept(): void {
  if (!("caches" in window) || document.documentElement.hasAttribute("data-offline-page")) return;
  void start().catch(() => undefined); // a browser that keeps nothing: the pages need a network
}
