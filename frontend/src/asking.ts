/** `[data-asked-if="name" data-among="code code"]`: a question that depends on another stands there only where that
 *  one is answered so. Without scripts all of them stand there, with words that say when. */
function answersTo(form: HTMLFormElement, name: string): string[] {
  return new FormData(form).getAll(name).map(String);
}

function show(form: HTMLFormElement): void {
  for (const question of form.querySelectorAll<HTMLElement>("[data-asked-if]")) {
    const among = (question.dataset["among"] ?? "").split(" ");
    const other = form.querySelector<HTMLElement>(`[name="${question.dataset["askedIf"] ?? ""}"]`);
    const asked = !other?.closest<HTMLElement>("[data-asked-if]")?.hidden;
    question.hidden = !(asked && answersTo(form, question.dataset["askedIf"] ?? "").some((each) => among.includes(each)));
  }
}

export function startAsking(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form")) {
    if (!form.querySelector("[data-asked-if]")) continue;
    for (const words of form.querySelectorAll<HTMLElement>("[data-asked-when]")) words.hidden = true;
    form.addEventListener("change", () => show(form));
    form.addEventListener("draft:restored", () => show(form));
    show(form);
  }
}
