/** `input[type=file][data-shrink]`: photos are made small on the phone, shown with their size before they are sent,
 *  taken away one by one, and kept with the draft. `data-max` limits how many. */
import { draftKey, markSaved } from "./draft";
import { exifOf, withExif } from "./exif";
import { keepPhotos, photosOf } from "./shelf";
import { say } from "./words";

const LONGEST = 1600;
const QUALITY = 0.82;
const SMALL_ENOUGH = 300 * 1024;

async function shrink(file: File): Promise<File> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && file.size <= SMALL_ENOUGH) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const drawn = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!drawn) return file;
    const whole = await withExif(drawn, exifOf(await file.arrayBuffer()));
    return new File([whole], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file; // A format this browser cannot draw goes as it is; the server says what it thinks of it.
  }
}

class Shots {
  private files: File[] = [];
  private readonly list: HTMLUListElement;
  private readonly says: HTMLParagraphElement;

  constructor(private readonly input: HTMLInputElement) {
    this.list = document.createElement("ul");
    this.list.className = "shots";
    this.says = document.createElement("p");
    this.says.className = "small soft";
    this.says.setAttribute("role", "status");
    (input.closest(".shoot") ?? input).after(this.list, this.says);
    input.addEventListener("change", () => void this.add([...(input.files ?? [])]));
    const form = input.form;
    form?.addEventListener("reset", () => this.show([]));
    if (form?.querySelector("input[type=file][data-shrink]") === input) form.addEventListener("paste", (event) => this.paste(event));
    if (form?.dataset["draft"]) void photosOf(this.key(form)).then((kept) => kept.length && this.show(kept));
  }

  private key(form: HTMLFormElement): string {
    return `${draftKey(form)}#${this.input.name}`; // each field has its own: a photo of afterwards is none of before
  }

  /** Pictures copied from a chat land among the first photos of the form; words go where they were pasted. */
  private paste(event: ClipboardEvent): void {
    const pictures = [...(event.clipboardData?.files ?? [])].filter((each) => each.type.startsWith("image/"));
    if (pictures.length === 0) return;
    event.preventDefault();
    void this.add(pictures);
  }

  private async add(picked: File[]): Promise<void> {
    this.input.setAttribute("aria-busy", "true");
    const small: File[] = [];
    for (const file of picked) small.push(await shrink(file));
    const most = Number(this.input.dataset["max"] ?? (this.input.multiple ? 6 : 1));
    this.show([...this.files, ...small].slice(-most));
    this.input.removeAttribute("aria-busy");
    await this.keep();
  }

  private async keep(): Promise<void> {
    const form = this.input.form;
    if (!form?.dataset["draft"]) return;
    await keepPhotos(this.key(form), this.files);
    markSaved(new Date());
  }

  private show(files: File[]): void {
    this.files = files;
    const carrier = new DataTransfer();
    for (const file of files) carrier.items.add(file);
    this.input.files = carrier.files;
    this.list.replaceChildren(...files.map((file, n) => this.item(file, n)));
    const kilobytes = Math.round(files.reduce((sum, file) => sum + file.size, 0) / 1024);
    this.says.textContent = files.length ? say("photos", { n: files.length, k: kilobytes }) : "";
  }

  private item(file: File, n: number): HTMLLIElement {
    const item = document.createElement("li");
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    image.width = image.height = 92;
    image.onload = () => URL.revokeObjectURL(image.src);
    const away = document.createElement("button");
    away.type = "button";
    away.textContent = "×";
    away.setAttribute("aria-label", `${say("remove")} ${n + 1}`);
    away.addEventListener("click", () => {
      this.show(this.files.filter((each) => each !== file));
      void this.keep();
      this.input.focus();
    });
    item.append(image, away);
    return item;
  }
}

export function startPhotos(root: ParentNode): void {
  for (const input of root.querySelectorAll<HTMLInputElement>("input[type=file][data-shrink]")) new Shots(input);
}
