/** `<silin-map data-on-tap>`: nothing of the map is fetched before somebody asks for it. `<template id="map-script">`
 *  says where the script is; the map, once it is defined, waits for "open". */
import { say } from "./words";

const WORDS = "map-words";
let fetched: Promise<unknown> | undefined;

export function startDoors(root: ParentNode): void {
  for (const map of root.querySelectorAll<HTMLElement>("silin-map[data-on-tap]")) {
    const door = Object.assign(document.createElement("button"), { type: "button", className: "btn map-door", textContent: say("open", {}, WORDS) });
    door.addEventListener("click", () => void open(map, door));
    map.append(door);
  }
}

async function open(map: HTMLElement, door: HTMLElement): Promise<void> {
  try {
    await (fetched ??= fetchScript());
    door.remove();
    map.dispatchEvent(new Event("open"));
  } catch {
    fetched = undefined;
    const note = Object.assign(document.createElement("p"), { className: "note note--warn map-says", textContent: say("broken", {}, WORDS) });
    note.setAttribute("role", "status");
    if (!map.querySelector(".map-says")) map.append(note);
  }
}

function fetchScript(): Promise<unknown> {
  const told = document.getElementById("map-script");
  if (!told || customElements.get("silin-map")) return Promise.resolve();
  const script = document.createElement("script");
  for (const [name, value] of Object.entries(told.dataset)) script.dataset[name] = value;
  script.src = told.dataset["script"] ?? "";
  document.body.append(script);
  return new Promise((done, failed) => {
    script.onload = done;
    script.onerror = failed;
  });
}
