// What the phone keeps, in IndexedDB: the signed documents, and the queue of what it has not yet sent.
import type { Box } from "./sealing.ts";

/** Something done with a truck that the office must hear of. */
export interface Queued {
  readonly key: string;
  /** Of the checkpoint where it was done. */
  readonly place: string;
  /** The phone's clock, in seconds. */
  readonly seenAt: number;
  /** What was done; absent where it lies in the box, as it does on every phone that can seal. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly photo?: Blob | undefined;
  readonly box?: Box | undefined;
  /** Where it goes, other than to the outcomes. */
  readonly to?: string | undefined;
  /** A refusal for a forbidden reason, which the guard was told already: only that it was tried is kept (L6). */
  readonly isAttempt?: boolean | undefined;
  /** What the office says is wrong with it; then it waits for the guard and no more for the network. */
  readonly returned?: string;
}

const NAME = "baotong-checkpoint";
const VERSION = 1;
const HELD = "held";
const QUEUE = "queue";

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Store {
  private readonly database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.database = database;
  }

  static async open(): Promise<Store> {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(HELD);
      request.result.createObjectStore(QUEUE, { keyPath: "key" });
    };
    const database = await answered(request);
    database.onversionchange = () => database.close();
    return new Store(database);
  }

  /** Open what this browser keeps of a checkpoint; undefined where it keeps nothing, and then nothing is made. */
  static async openKept(): Promise<Store | undefined> {
    if (!("indexedDB" in globalThis)) return undefined;
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => request.transaction?.abort();
    const database = await answered(request).catch(() => undefined);
    if (!database) return undefined;
    database.onversionchange = () => database.close();
    return new Store(database);
  }

  get<T>(name: string): Promise<T | undefined> {
    return answered(this.database.transaction(HELD).objectStore(HELD).get(name) as IDBRequest<T | undefined>);
  }

  put(name: string, value: unknown): Promise<void> {
    return this.write(HELD, (store) => store.put(value, name));
  }

  remove(name: string): Promise<void> {
    return this.write(HELD, (store) => store.delete(name));
  }

  queued(): Promise<Queued[]> {
    return answered(this.database.transaction(QUEUE).objectStore(QUEUE).getAll() as IDBRequest<Queued[]>);
  }

  /** Keep something until it is sent; when this has returned it survives a killed browser. */
  enqueue(item: Queued): Promise<void> {
    return this.write(QUEUE, (store) => store.put(item));
  }

  dequeue(key: string): Promise<void> {
    return this.write(QUEUE, (store) => store.delete(key));
  }

  private write(name: string, change: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    const transaction = this.database.transaction(name, "readwrite", { durability: "strict" });
    change(transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}
