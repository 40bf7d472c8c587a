/** Small helpers that one attribute switches on. */
import { say } from "./words";

const SAID_MS = 2000;

/** `[data-copy="text"]`: a button that copies and says so. */
async function copy(button: HTMLElement): Promise<void> {
  const text = button.dataset["copy"] ?? "";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  const words = button.textContent;
  button.setAttribute("aria-live", "polite");
  button.textContent = say("copied");
  window.setTimeout(() => (button.textContent = words), SAID_MS);
}

function onClick(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  const copier = target?.closest<HTMLElement>("[data-copy]");
  if (copier) void copy(copier);
  if (target?.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.who[open]")) menu.open = menu.contains(target);
  const opener = target?.closest<HTMLElement>("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset["dialog"] ?? "");
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
}

/** `select` in `form[data-go]`: a filter acts at once; without scripts its button does. */
function onChange(event: Event): void {
  const target = event.target instanceof Element ? event.target : null;
  const form = target?.closest<HTMLFormElement>("form[data-go]");
  if (form && !(event instanceof CustomEvent)) form.submit();
}

function showNetwork(): void {
  for (const strip of document.querySelectorAll<HTMLElement>("[data-offline]")) strip.hidden = navigator.onLine;
}

/** `form[data-here]`: asks the phone once where it is, fills `lon` and `lat` (WGS-84) and sends the form. */
function sendPosition(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-here]")) return;
  event.preventDefault();
  const fill = (name: string, degrees: number): void => {
    const field = form.querySelector<HTMLInputElement>(`[name="${name}"]`);
    if (field) field.value = degrees.toFixed(6);
  };
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      fill("lon", coords.longitude);
      fill("lat", coords.latitude);
      form.submit();
    },
    () => form.querySelector("[data-here-failed]")?.removeAttribute("hidden"),
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
  );
}

/** Browsers without `:has()` get the class that the style sheet knows. */
function markChoices(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>(".choice input, .tg input, .seg input")) {
    input.closest(".choice, .tg, label")?.classList.toggle("choice--on", input.checked);
  }
}

export function startSmall(): void {
  showNetwork();
  if ("geolocation" in navigator) for (const form of document.querySelectorAll<HTMLElement>("form[data-here]")) form.hidden = false;
  if (!CSS.supports("selector(:has(*))")) markChoices();
}

/** What is folded away belongs on the paper. */
function unfold(): void {
  for (const drawer of document.querySelectorAll<HTMLDetailsElement>("details.drawer")) drawer.open = true;
}

export function startOnce(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  document.addEventListener("submit", sendPosition);
  window.addEventListener("beforeprint", unfold);
  window.addEventListener("online", showNetwork);
  window.addEventListener("offline", showNetwork);
  if (!CSS.supports("selector(:has(*))")) {
    document.addEventListener("change", markChoices);
    document.addEventListener("draft:restored", markChoices);
  }
}
