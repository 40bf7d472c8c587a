/** What waits on this phone for a network: one row a form, by its own id. Everything here may fail quietly. */
const NAME = "silin.outbox";
const STORE = "items";

export interface Item {
  id: string;
  viewer: string;
  url: string;
  at: number;
  title: string;
  fields: [string, FormDataEntryValue][];
  state: "waits" | "look";
  said: string;
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const db = await open();
    return await new Promise<T>((resolve, reject) => {
      const transaction = db.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } catch {
    return undefined;
  }
}

/** Gives whether it is safely written. The browser is asked to keep it when room gets short. */
export async function keepItem(item: Item): Promise<boolean> {
  void navigator.storage?.persist?.();
  return (await run("readwrite", (store) => store.put(item))) !== undefined;
}

export async function deleteItem(id: string): Promise<void> {
  await run("readwrite", (store) => store.delete(id));
}

/** Somebody's own, the oldest first. */
export async function itemsOf(viewer: string): Promise<Item[]> {
  const all = ((await run("readonly", (store) => store.getAll() as IDBRequest<Item[]>)) ?? []) as Item[];
  return all.filter((item) => item.viewer === viewer).sort((a, b) => a.at - b.at);
}
