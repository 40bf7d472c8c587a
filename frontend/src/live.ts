/** `[data-live="15"]` with an id: asked again every so many seconds while the page is seen, swapped when it changed.
 *  With `data-version` it is swapped when that is another one; while somebody types in it, it stays as it is, and
 *  `[data-behind]` in it says that it has changed. `[data-now]` is a clock, `[data-age]` says how old the data are once
 *  they are older than 90 seconds. */
import { clockTime, say } from "./words";

type Restart = (root: ParentNode) => void;

const STALE_MS = 90_000;
const MINUTE_MS = 60_000;
let fresh = new Date();
let known: string | null = null;
let asked = Date.now();

async function refresh(restart: Restart): Promise<void> {
  try {
    const address = location.href;
    const headers = { Accept: "text/html", "X-Fragment": "live", ...(known ? { "If-None-Match": known } : {}) };
    const answer = await fetch(address, { headers });
    if (answer.status === 401 && !isFilled(document)) location.reload();
    if (!(answer.ok || answer.status === 304) || location.href !== address) return;
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const parts = [...document.querySelectorAll<HTMLElement>("[data-live][id]")];
      known = parts.map((old) => swap(old, page, restart)).every(Boolean) ? answer.headers.get("ETag") : null;
    }
    fresh = new Date();
  } catch {
    // No network: the page shows how old it is.
  }
}

/** Whether somebody has typed, chosen or picked something that would go with the part. */
function isFilled(part: ParentNode): boolean {
  const fields = part.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input:not([type=hidden]), textarea");
  return [...fields].some((each) =>
    each instanceof HTMLInputElement && (each.type === "checkbox" || each.type === "radio")
      ? each.checked !== each.defaultChecked
      : each.value !== each.defaultValue,
  );
}

/** Whether somebody is at it: a field is filled or sent back as wrong, a fold open, something in it has the focus. */
function isInUse(part: HTMLElement): boolean {
  return isFilled(part) || part.contains(document.activeElement) || part.querySelector(".errsum, details[open], [data-sent]") !== null;
}

/** Put the new part in the place of the old one; whether the page now shows what the answer says. */
function swap(old: HTMLElement, page: Document, restart: Restart): boolean {
  const next = page.getElementById(old.id);
  if (!next || !old.isConnected) return true;
  const version = next.dataset["version"];
  if (version ? version === old.dataset["version"] : next.innerHTML === old.innerHTML) return true;
  if (isInUse(old)) {
    const behind = old.querySelector<HTMLElement>("[data-behind]");
    if (behind) behind.hidden = false;
    return false;
  }
  old.replaceWith(next);
  restart(next);
  return true;
}

function tick(): void {
  const now = new Date();
  for (const clock of document.querySelectorAll("[data-now]")) clock.textContent = clockTime(now);
  const old = now.getTime() - fresh.getTime() > STALE_MS;
  for (const age of document.querySelectorAll("[data-age]")) age.textContent = old ? say("age", { t: clockTime(fresh) }) : "";
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-ago]")) time.textContent = ago(new Date(time.dateTime), now);
}

function ago(moment: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - moment.getTime()) / MINUTE_MS);
  if (minutes < 1) return say("just");
  return minutes < 60 ? say("minutes", { n: minutes }) : clockTime(moment);
}

/** Called once a page: the clocks tick, and the quickest live part sets the pace of asking. */
export function startLive(restart: Restart): void {
  window.setInterval(tick, 15_000);
  window.setInterval(() => {
    const pace = [...document.querySelectorAll<HTMLElement>("[data-live][id]")].map((each) => Number(each.dataset["live"]) || 15);
    if (pace.length === 0 || document.visibilityState !== "visible") return;
    if (Date.now() - asked >= Math.min(...pace) * 1000) {
      asked = Date.now();
      void refresh(restart);
    }
  }, 1000);
}
