/** `[data-near]` is filled with what is being done already round the needle of the map, while it moves. */
const WAIT_MS = 600;

/** Ask again whenever the needle has come to rest; then sending on means "none of these". */
export function startNear(): void {
  const place = document.querySelector<HTMLElement>("[data-near]");
  if (!place) return;
  let timer = 0;
  document.addEventListener("changed", (event) => {
    const { lon, lat, datum } = (event as CustomEvent<Record<string, string>>).detail;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(place, new URLSearchParams({ lon: String(lon), lat: String(lat), datum: String(datum) })), WAIT_MS);
  });
}

async function ask(place: HTMLElement, point: URLSearchParams): Promise<void> {
  try {
    const answer = await fetch(`${place.dataset["near"]}&${point}`, { headers: { Accept: "text/html", "X-Fragment": "near" } });
    if (answer.ok) show(place, await answer.text());
  } catch {
    // No network: the next step asks once more.
  }
}

function show(place: HTMLElement, html: string): void {
  place.innerHTML = html;
  const found = place.querySelector(".cand") !== null;
  const button = document.querySelector<HTMLElement>("[data-none]");
  const form = document.querySelector<HTMLFormElement>("#spot");
  if (!button || !form) return;
  button.dataset["plain"] ??= button.textContent ?? "";
  button.textContent = (found ? button.dataset["none"] : button.dataset["plain"]) ?? "";
  const seen = form.querySelector<HTMLInputElement>("input[name=seen]") ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "seen" }));
  seen.value = found ? "yes" : "";
}
