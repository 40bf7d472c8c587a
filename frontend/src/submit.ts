/** Nothing is sent twice and nothing is lost: a form sent once is busy until the page changes; with photos it shows
 *  how far the upload is; without a network it stays where it is and says so. `data-again` opts out. */
import { putAway } from "./outbox";
import { say } from "./words";

type Restart = (root: ParentNode) => void;

/** Nobody carried it out: a proxy without a server behind it, or a server that is being upgraded. */
const AWAY = [502, 503, 504];

function buttonsOf(form: HTMLFormElement): HTMLButtonElement[] {
  return [...form.elements].filter((each): each is HTMLButtonElement => each instanceof HTMLButtonElement && each.type === "submit");
}

function setBusy(form: HTMLFormElement, busy: boolean): void {
  if (busy) form.dataset["sent"] = "yes";
  else delete form.dataset["sent"];
  for (const button of buttonsOf(form)) {
    if (busy) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
    if (!busy) button.querySelector("progress")?.remove();
  }
}

function sayUnsent(form: HTMLFormElement, why = "unsent"): void {
  const note = form.querySelector<HTMLElement>("[data-unsent]") ?? document.createElement("p");
  note.dataset["unsent"] = "";
  note.className = "note note--warn";
  note.setAttribute("role", "alert");
  note.textContent = say(why);
  form.prepend(note);
  note.scrollIntoView({ block: "center" });
}

function hasFiles(form: HTMLFormElement): boolean {
  return [...form.querySelectorAll<HTMLInputElement>("input[type=file]")].some((each) => (each.files?.length ?? 0) > 0);
}

function payload(form: HTMLFormElement, submitter: HTMLElement | null): FormData {
  const data = new FormData(form);
  if (submitter instanceof HTMLButtonElement && submitter.name) data.append(submitter.name, submitter.value);
  return data;
}

function upload(form: HTMLFormElement, submitter: HTMLElement | null, restart: Restart): void {
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", say("sending"));
  (submitter ?? buttonsOf(form)[0])?.append(bar);
  const request = new XMLHttpRequest();
  const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  request.open("POST", new URL(action || location.href, location.href).href);
  request.setRequestHeader("Accept", "text/html");
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  };
  request.onload = () => {
    if (AWAY.includes(request.status)) void lost(form, submitter, "away");
    else showPage(request.responseText, request.responseURL, restart);
  };
  request.onerror = () => void lost(form, submitter, "unsent");
  request.send(payload(form, submitter));
}

/** Without a network: into the outbox, where the form has one; else it stays where it is and says so. */
async function lost(form: HTMLFormElement, submitter: HTMLElement | null, why: string): Promise<void> {
  const away = await putAway(form, payload(form, submitter));
  setBusy(form, false);
  if (!away) sayUnsent(form, why);
}

/** Put the answered page in place of this one; the address is the one it came from. */
export function showPage(html: string, url: string, restart: Restart): void {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (url && url !== location.href) history.pushState(null, "", url);
  document.title = page.title;
  document.body.replaceWith(page.body);
  const running = new Set([...document.head.querySelectorAll("script")].map((each) => each.src));
  for (const script of document.body.querySelectorAll<HTMLScriptElement>("script[src]")) revive(script, running);
  window.scrollTo(0, 0);
  restart(document);
  (document.querySelector<HTMLElement>(".errsum") ?? document.getElementById("main"))?.focus();
}

const alive = new Set<string>([...document.scripts].map((each) => each.src));

function revive(script: HTMLScriptElement, running: Set<string>): void {
  if (alive.has(script.src) || running.has(script.src)) return;
  alive.add(script.src);
  const copy = document.createElement("script");
  for (const attribute of script.attributes) copy.setAttribute(attribute.name, attribute.value);
  script.replaceWith(copy);
}

function onSubmit(event: SubmitEvent, restart: Restart): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || "again" in form.dataset) return;
  if (event.defaultPrevented) return;
  if (form.dataset["sent"]) return event.preventDefault();
  if (!navigator.onLine) {
    event.preventDefault();
    return void lost(form, event.submitter, "unsent");
  }
  setBusy(form, true);
  if (hasFiles(form) || "outbox" in form.dataset) {
    event.preventDefault();
    upload(form, event.submitter, restart);
  }
}

/** The server says what is wrong, on the page and in plain words; the browser's own bubbles stay away. */
export function startForms(root: ParentNode): void {
  for (const form of root.querySelectorAll("form")) if (form.method === "post") form.noValidate = true;
}

export function startSubmits(restart: Restart): void {
  document.addEventListener("submit", (event) => onSubmit(event, restart));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) setBusy(form, false);
  });
}
