/** `[data-live="15"]` with an id: asked again every so many seconds while the page is seen, swapped when it changed.
 *  `[data-now]` is a clock, `[data-age]` says how old the data are once they are older than 90 seconds. */
import { clockTime, say } from "./words";

const STALE_MS = 90_000;
const MINUTE_MS = 60_000;
let fresh = new Date();

async function refresh(): Promise<void> {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Fragment": "live" } });
    if (answer.status === 401 && !isFilled()) location.reload();
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll<HTMLElement>("[data-live][id]")) swap(old, page);
    fresh = new Date();
  } catch {
    // No network: the page shows how old it is.
  }
}

/** Locked or signed out: the page goes, unless somebody has typed something that would go with it. */
function isFilled(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input:not([type=hidden]), textarea");
  return [...fields].some((each) => each.value !== each.defaultValue);
}

function swap(old: HTMLElement, page: Document): void {
  const next = page.getElementById(old.id);
  if (!next || next.innerHTML === old.innerHTML || old.contains(document.activeElement)) return;
  old.replaceWith(next);
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
export function startLive(): void {
  window.setInterval(tick, 15_000);
  window.setInterval(() => {
    const pace = [...document.querySelectorAll<HTMLElement>("[data-live][id]")].map((each) => Number(each.dataset["live"]) || 15);
    if (pace.length === 0 || document.visibilityState !== "visible") return;
    if (Date.now() - asked >= Math.min(...pace) * 1000) {
      asked = Date.now();
      void refresh();
    }
  }, 1000);
}
let asked = Date.now();
