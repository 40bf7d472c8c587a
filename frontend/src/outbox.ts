/** `form[data-outbox]`: what is sent without a network waits on this phone (IndexedDB) and goes by itself, once: its
 *  id is the form's own, and it leaves only when the server has said its number. `[data-outbox-list]` shows what waits. */
import { draftKey, saveDraft } from "./draft";
import { forgetPhotos } from "./shelf";
import { deleteItem, type Item, itemsOf, keepItem } from "./waiting";

const EVERY_MS = 2 * 60 * 1000;
const OLD_MS = 24 * 3600 * 1000;
let going = false;

function viewer(): string {
  return document.body.dataset["viewer"] ?? "";
}

function token(): string {
  return document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

function words(key: string, parts: Record<string, string | number> = {}): string {
  const list = document.querySelector<HTMLElement>("[data-outbox-list] ul");
  let said = list?.getAttribute(`data-say-${key}`) ?? "";
  for (const [name, value] of Object.entries(parts)) said = said.replace(`{${name}}`, String(value));
  return said;
}

/** Takes what is typed into the outbox; gives whether it could. The form begins anew. */
export async function putAway(form: HTMLFormElement, data: FormData): Promise<boolean> {
  const id = String(data.get("client_id") ?? "");
  if (!("outbox" in form.dataset) || !id || !data.has("do")) return false; // a search is nothing to be sent later
  if (!(await moveOut(form, id, data, "waits"))) return false;
  begin(form);
  await show();
  document.querySelector("[data-outbox-list]")?.scrollIntoView({ block: "center" });
  return true;
}

/** From the form into the outbox; the form and its draft are empty then. Gives whether there was room. */
async function moveOut(form: HTMLFormElement, id: string, data: FormData, state: Item["state"]): Promise<boolean> {
  const fields = [...data.entries()].filter(([name]) => name !== "csrfmiddlewaretoken");
  const url = (form.action || location.href).split("#")[0] ?? "";
  if (!(await keepItem({ id, viewer: viewer(), url, at: Date.now(), title: titleOf(form, data), fields, state, said: "" }))) return false;
  localStorage.removeItem(draftKey(form));
  await forgetPhotos(draftKey(form));
  form.reset();
  return true;
}

/** What it is called in the list: its first words, else the category that was chosen. */
function titleOf(form: HTMLFormElement, data: FormData): string {
  const typed = String(data.get("words") ?? "").trim();
  const chosen = form.querySelector<HTMLElement>("input[name=category]:checked")?.closest("label");
  return typed.slice(0, 40) || (chosen?.textContent ?? "").trim();
}

/** A page that the phone kept shows the same id each time; two findings are never one. */
function begin(form: HTMLFormElement): void {
  const id = form.querySelector<HTMLInputElement>("input[name=client_id]");
  if (id) id.value = newId();
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Gives whether there is a network: without one the others need not be tried. */
async function deliver(item: Item): Promise<boolean> {
  const data = new FormData();
  for (const [name, value] of item.fields) data.append(name, value);
  data.set("csrfmiddlewaretoken", token());
  let answer: Response;
  try {
    answer = await fetch(item.url, { method: "POST", body: data, headers: { Accept: "application/json" } });
  } catch {
    return false;
  }
  const told = (await answer.json().catch(() => undefined)) as { client_id?: string; number?: string; error?: { message: string } } | undefined;
  if (answer.ok && told?.client_id === item.id && told.number) {
    await deleteItem(item.id);
    arrived(told.number);
  } else if (answer.status === 401) await keepItem({ ...item, said: words("sign") });
  else if (told?.error && answer.status < 500 && answer.status !== 429) await keepItem({ ...item, state: "look", said: told.error.message });
  return true;
}

function arrived(number: string): void {
  const list = document.querySelector<HTMLElement>("[data-outbox-list]");
  const line = document.createElement("li");
  line.dataset["arrived"] = number;
  line.textContent = words("went", { n: `${number.slice(0, 4)} ${number.slice(4)}` });
  list?.querySelector("ul")?.append(line);
}

async function send(): Promise<void> {
  if (going || !navigator.onLine || !token() || !document.querySelector("[data-outbox-list]")) return;
  going = true;
  try {
    for (const item of await itemsOf(viewer())) if (item.state === "waits" && !(await deliver(item))) break;
  } finally {
    going = false;
    await show();
  }
}

function line(item: Item): HTMLLIElement {
  const row = document.createElement("li");
  row.dataset["waits"] = item.id;
  const what = document.createElement("p");
  const photos = item.fields.filter(([, value]) => value instanceof File && value.size > 0).length;
  what.textContent = [item.title, photos ? words("photos", { n: photos }) : ""].filter(Boolean).join(" · ");
  const state = document.createElement("p");
  state.className = Date.now() - item.at > OLD_MS || item.state === "look" ? "err" : "small soft";
  const when = new Date(item.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  state.textContent = `${when} · ${item.state === "look" ? [words("look"), item.said].filter(Boolean).join("：") : item.said || words("waits")}`;
  const told = document.createElement("div");
  told.className = "grow";
  told.append(what, state);
  row.append(told);
  if (item.state === "look") row.append(opener(item));
  return row;
}

/** What the server will not have comes back into the form; what was typed is never thrown away. */
function opener(item: Item): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = words("open");
  button.addEventListener("click", () => void open(item));
  return button;
}

async function open(item: Item): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("form[data-outbox]");
  if (!form) return location.assign(`${item.url}#${item.id}`);
  const now = new FormData(form);
  if (isBegun(now) && !(await moveOut(form, String(now.get("client_id")), now, "look"))) return;
  for (const control of form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("input, select, textarea")) {
    const values = item.fields.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control instanceof HTMLInputElement && control.type === "file") {
      const carrier = new DataTransfer();
      for (const value of values) if (value instanceof File && value.size > 0) carrier.items.add(value);
      control.files = carrier.files;
      if (carrier.files.length > 0) control.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (control instanceof HTMLInputElement && (control.type === "radio" || control.type === "checkbox")) control.checked = values.includes(control.value);
    else if (typeof values[0] === "string") control.value = values[0];
  }
  saveDraft(form);
  await deleteItem(item.id);
  await show();
  form.scrollIntoView();
}

/** Whether somebody is about to put something else down: it moves out of the way, and is not lost. */
function isBegun(data: FormData): boolean {
  const filled = [...data.entries()].filter(([, value]) => (value instanceof File ? value.size > 0 : value.trim() !== ""));
  return filled.some(([name, value]) => value instanceof File || ["words", "done", "category", "spot"].includes(name));
}

async function show(): Promise<void> {
  const list = document.querySelector<HTMLElement>("[data-outbox-list]");
  if (!list) return;
  const items = await itemsOf(viewer());
  const rows = list.querySelector("ul");
  for (const old of list.querySelectorAll("[data-waits]")) old.remove();
  rows?.prepend(...items.map(line));
  list.hidden = items.length === 0 && !list.querySelector("[data-arrived]");
}

export function startOutbox(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-outbox]")) if (!hasDraft(form)) begin(form);
  void show().then(openWanted).then(send);
}

/** Another page led here to have a look at one of them. */
async function openWanted(): Promise<void> {
  const item = (await itemsOf(viewer())).find((each) => each.state === "look" && location.hash === `#${each.id}`);
  if (!item || !document.querySelector("form[data-outbox]")) return;
  history.replaceState(null, "", location.pathname);
  await open(item);
}

function hasDraft(form: HTMLFormElement): boolean {
  try {
    return localStorage.getItem(draftKey(form)) !== null;
  } catch {
    return false;
  }
}

export function startSending(): void {
  window.addEventListener("online", () => void send());
  document.addEventListener("visibilitychange", () => void (document.visibilityState === "visible" && send()));
  window.setInterval(() => void send(), EVERY_MS);
}
