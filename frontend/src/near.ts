/** `[data-near]` is filled with what is being done already round the needle of the map, while it moves. */
const WAIT_MS = 600;

/** Called once a page: asks again whenever the needle has come to rest; then sending on means "none of these". */
export function startNear(): void {
  let timer = 0;
  let asking = new AbortController();
  document.addEventListener("changed", (event) => {
    const place = document.querySelector<HTMLElement>("[data-near]");
    if (!place) return;
    const { lon, lat, datum } = (event as CustomEvent<Record<string, string>>).detail;
    window.clearTimeout(timer);
    asking.abort();
    asking = new AbortController();
    setSeen(false);
    const point = new URLSearchParams({ lon: String(lon), lat: String(lat), datum: String(datum) });
    timer = window.setTimeout(() => void ask(place, point, asking.signal), WAIT_MS);
  });
}

async function ask(place: HTMLElement, point: URLSearchParams, signal: AbortSignal): Promise<void> {
  try {
    const answer = await fetch(`${place.dataset["near"]}&${point}`, { headers: { Accept: "text/html", "X-Fragment": "near" }, signal });
    if (answer.ok) show(place, await answer.text());
  } catch {
    // No network, or the needle has moved on: the next step asks once more.
  }
}

function show(place: HTMLElement, html: string): void {
  place.innerHTML = html;
  const found = place.querySelector(".cand") !== null;
  setSeen(found);
  const button = document.querySelector<HTMLElement>("[data-none]");
  if (!button) return;
  button.dataset["plain"] ??= button.textContent ?? "";
  button.textContent = (found ? button.dataset["none"] : button.dataset["plain"]) ?? "";
}

/** Whether the candidates round the point that is sent have been looked at. */
function setSeen(yes: boolean): void {
  const form = document.querySelector<HTMLFormElement>("#spot");
  const known = form?.querySelector<HTMLInputElement>("input[name=seen]");
  const seen = known ?? form?.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "seen" }));
  if (seen) seen.value = yes ? "yes" : "";
}
