/** Photos of drafts, kept in this browser (IndexedDB): key of the form, #, name of the field → files. Everything here may fail quietly:
 *  private windows and full phones have no room, and a page must work without it. */
const NAME = "silin";
const STORE = "photos";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const db = await open();
    return await new Promise<T>((resolve, reject) => {
      const request = act(db.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } catch {
    return undefined;
  }
}

export async function photosOf(key: string): Promise<File[]> {
  return ((await run("readonly", (store) => store.get(key) as IDBRequest<File[] | undefined>)) ?? []) as File[];
}

export async function keepPhotos(key: string, files: File[]): Promise<void> {
  if (files.length === 0) await run("readwrite", (store) => store.delete(key));
  else await run("readwrite", (store) => store.put(files, key));
}

/** Forgets the photos of all fields of a form. */
export async function forgetPhotos(form: string): Promise<void> {
  await run("readwrite", (store) => store.delete(IDBKeyRange.bound(form, `${form}#\uffff`)));
}
