/** The desk by keyboard. `[data-list]` holds rows `[data-row]` with a link `[data-pick]` (the list with this row's
 *  preview) and one `[data-open]` (the whole page). J K move, Enter opens, / searches, ? lists the keys;
 *  `[data-key="d"]` on any button or link gives it a letter. Single letters can be switched off. */
const SWITCH = "silin.single-keys";
const FRESH_MS = 30_000;
const previews = new Map<string, { at: number; html: string }>();
let asking: AbortController | undefined;

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-list] [data-row]")];
}

function current(): HTMLElement | undefined {
  return rows().find((each) => each.getAttribute("aria-selected") === "true");
}

function move(step: number): void {
  const all = rows();
  const here = current();
  const next = all[Math.max(0, Math.min(all.length - 1, here ? all.indexOf(here) + step : 0))];
  if (next && next !== here) void pick(next);
}

async function pick(row: HTMLElement): Promise<void> {
  for (const each of rows()) each.setAttribute("aria-selected", String(each === row));
  row.scrollIntoView({ block: "nearest" });
  const link = row.querySelector<HTMLAnchorElement>("a[data-pick]");
  link?.focus({ preventScroll: true });
  if (link) await preview(link.href);
}

/** The fragment comes from the same address as the full page: `#preview` of whatever the server answers. */
async function preview(url: string): Promise<void> {
  const pane = document.getElementById("preview");
  if (!pane) return location.assign(url);
  asking?.abort();
  asking = new AbortController();
  pane.setAttribute("aria-busy", "true");
  try {
    pane.innerHTML = await previewOf(url, asking.signal);
    pane.scrollTop = 0;
    history.replaceState(null, "", url);
    pane.removeAttribute("aria-busy");
    listKeys();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) location.assign(url);
  }
}

async function previewOf(url: string, signal: AbortSignal): Promise<string> {
  const known = previews.get(url);
  if (known && Date.now() - known.at < FRESH_MS) return known.html;
  const html = await fetchPreview(url, signal);
  previews.set(url, { at: Date.now(), html });
  return html;
}

async function fetchPreview(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { headers: { Accept: "text/html", "X-Fragment": "preview" }, signal });
  if (answer.status === 401) location.reload();
  if (!answer.ok) throw new Error(`preview: ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return (page.getElementById("preview") ?? page.body).innerHTML;
}

function open(): boolean {
  const link = current()?.querySelector<HTMLAnchorElement>("a[data-open]");
  if (link) location.assign(link.href);
  return Boolean(link);
}

function singleKeys(): boolean {
  return localStorage.getItem(SWITCH) !== "off";
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const field = target?.closest("input, textarea, select, [contenteditable]");
  const typed = field && !(field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio"));
  return Boolean(typed) || Boolean(document.querySelector("dialog[open]")) || event.isComposing;
}

function showKeys(): void {
  const dialog = document.getElementById("keys");
  listKeys();
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
}

function keyed(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-key]")];
}

function listKeys(): void {
  const body = document.querySelector("[data-keys]");
  body?.replaceChildren(
    ...keyed().map((each) => {
      const row = document.createElement("tr");
      const key = document.createElement("kbd");
      key.textContent = (each.dataset["key"] ?? "").toUpperCase();
      row.insertCell().append(key);
      row.insertCell().textContent = each.dataset["keyWords"] ?? wordsOf(each);
      return row;
    }),
  );
}

function wordsOf(button: HTMLElement): string {
  const copy = button.cloneNode(true) as HTMLElement;
  for (const key of copy.querySelectorAll("kbd")) key.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}

function actOn(key: string): boolean {
  if (key === "j") return move(1), true;
  if (key === "k") return move(-1), true;
  const mark = key === "x" && current()?.querySelector<HTMLInputElement>("[data-mark]");
  if (mark) return mark.click(), true;
  const button = keyed().find((each) => each.dataset["key"] === key && !(each as HTMLButtonElement).disabled);
  button?.click();
  return Boolean(button);
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event)) return;
  const onLink = event.target instanceof Element && event.target.closest("a:not([data-pick]), button, summary");
  let done = false;
  if (event.key === "Enter" && !onLink) done = open();
  else if (!singleKeys()) return;
  else if (event.key === "/") {
    const own = document.querySelector<HTMLInputElement>("[data-search-here]");
    const search = own ?? document.querySelector<HTMLInputElement>("[data-search]");
    search?.focus();
    search?.select();
    done = Boolean(search);
  } else if (event.key === "?") {
    showKeys();
    done = true;
  } else done = actOn(event.key.toLowerCase());
  if (done) event.preventDefault();
}

function onClick(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const row = target.closest<HTMLElement>("[data-list] [data-row]");
  if (!row || target.closest("input, button, label, a:not([data-pick])")) return;
  event.preventDefault();
  void pick(row);
}

function startSwitch(): void {
  const box = document.querySelector<HTMLInputElement>("[data-single-keys]");
  if (!box) return;
  box.checked = singleKeys();
  box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
}

/** The address says which row is shown beside the list, so that what is asked for again is about the same one. */
function nameCurrent(): void {
  const link = current()?.querySelector<HTMLAnchorElement>("a[data-pick]");
  if (link) history.replaceState(null, "", link.href);
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
startSwitch();
nameCurrent();
listKeys();
