/** `[data-suggest="address"]` beside a field `words`: while somebody types, the likeliest categories stand there to be
 *  chosen. What somebody has chosen stays; without scripts the next page offers the same. */
const PAUSE_MS = 500;
const FEWEST = 4;

function watch(slot: HTMLElement, form: HTMLFormElement, words: HTMLTextAreaElement): void {
  let timer = 0;
  let last = "";
  const ask = async (): Promise<void> => {
    const typed = words.value.trim();
    if (typed === last || typed.length < FEWEST || slot.querySelector("input:checked")) return;
    last = typed;
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "words"]) data.append(name, String(new FormData(form).get(name) ?? ""));
    try {
      const answer = await fetch(slot.dataset["suggest"] ?? "", { method: "POST", body: data, headers: { Accept: "text/html" } });
      if (answer.ok && !slot.querySelector("input:checked")) slot.innerHTML = await answer.text();
    } catch {
      // Without a network nothing is proposed yet; the next page does it.
    }
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), PAUSE_MS);
  };
  words.addEventListener("input", later);
  form.addEventListener("draft:restored", later);
  later();
}

export function startSuggest(root: ParentNode): void {
  for (const slot of root.querySelectorAll<HTMLElement>("[data-suggest]")) {
    const form = slot.closest("form");
    const words = form?.querySelector<HTMLTextAreaElement>("textarea[name=words]");
    if (form && words) watch(slot, form, words);
  }
}
