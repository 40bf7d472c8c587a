/** `form[data-draft="key"]`: what is typed is kept on this device at every pause and comes back after a crash,
 *  a lost session or a lost network. `[data-draft-done="key …"]` on a receipt forgets it. */
import { forgetPhotos } from "./shelf";
import { clockTime, say } from "./words";

const PAUSE_MS = 600;
const KEEP_MS = 7 * 24 * 3600 * 1000;
const NEVER = new Set(["csrfmiddlewaretoken", "next"]);
const PREFIX = "silin.draft:";

interface Draft {
  at: number;
  values: Record<string, string[]>;
}

/** Drafts belong to whoever is signed in: a lent phone does not show them to the next person. */
export function draftKey(form: HTMLFormElement): string {
  return keyFor(form.dataset["draft"] ?? "");
}

function keyFor(name: string): string {
  return `${PREFIX}${document.body.dataset["viewer"] ?? ""}:${name}`;
}

function controls(form: HTMLFormElement): (HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[] {
  return [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("input, select, textarea")].filter(
    (each) => each.name && !NEVER.has(each.name) && each.type !== "password" && each.type !== "file" && !("noDraft" in each.dataset),
  );
}

function isChoice(each: Element): each is HTMLInputElement {
  return each instanceof HTMLInputElement && (each.type === "radio" || each.type === "checkbox");
}

function read(form: HTMLFormElement): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const each of controls(form)) {
    const list = (values[each.name] ??= []);
    if (!isChoice(each) || each.checked) list.push(each.value);
  }
  return values;
}

/** What the server sent stands; only what is still empty is filled, and the form's own id comes back. */
function fill(form: HTMLFormElement, values: Record<string, string[]>): void {
  const answered = new Set(controls(form).filter((each) => isChoice(each) && each.checked).map((each) => each.name));
  const next: Record<string, number> = {};
  for (const each of controls(form)) {
    const list = values[each.name] ?? [];
    if (isChoice(each)) {
      if (!answered.has(each.name)) each.checked = list.includes(each.value);
      continue;
    }
    const nth = (next[each.name] = (next[each.name] ?? -1) + 1);
    const value = list[nth];
    if (value !== undefined && (each.value === "" || each.name === "client_id")) each.value = value;
  }
  form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
}

function load(key: string): Draft | undefined {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
    return draft && Date.now() - draft.at < KEEP_MS ? draft : undefined;
  } catch {
    return undefined;
  }
}

export function markSaved(at: Date): void {
  for (const mark of document.querySelectorAll<HTMLElement>("[data-saved]")) {
    mark.hidden = false;
    const words = mark.querySelector("[data-words]");
    if (words) words.textContent = say("saved");
    mark.title = clockTime(at);
  }
}

export function saveDraft(form: HTMLFormElement): void {
  const now = new Date();
  try {
    localStorage.setItem(draftKey(form), JSON.stringify({ at: now.getTime(), values: read(form) } satisfies Draft));
    markSaved(now);
  } catch {
    // No room or a private window: the page works on, only without a draft.
  }
}

/** Also what was typed before the visitor was known: nobody shall find it after a sign-out. */
function forget(names: string): void {
  for (const name of names.split(/\s+/).filter(Boolean)) {
    for (const key of [keyFor(name), `${PREFIX}:${name}`]) {
      localStorage.removeItem(key);
      void forgetPhotos(key);
    }
  }
}

function forgetOld(): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && !load(key)) {
      localStorage.removeItem(key);
      void forgetPhotos(key);
    }
  }
}

function watch(form: HTMLFormElement): void {
  let timer = 0;
  const later = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => saveDraft(form), PAUSE_MS);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  window.addEventListener("pagehide", () => timer && form.isConnected && saveDraft(form));
}

export function startDrafts(root: ParentNode): void {
  try {
    forgetOld();
    for (const done of root.querySelectorAll<HTMLElement>("[data-draft-done]")) forget(done.dataset["draftDone"] ?? "");
    for (const form of root.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
      const draft = load(draftKey(form));
      if (draft) {
        fill(form, draft.values);
        markSaved(new Date(draft.at));
      }
      watch(form);
    }
  } catch {
    // localStorage refused: no drafts in this browser.
  }
}
