// What the phone keeps of a trip, in IndexedDB: positions that are not sent yet, and whether it is recording.

/** A position as the phone measured it; `seq` is drawn by the store and never used twice. */
export interface Measured {
  readonly seq?: number;
  /** Pass number. */
  readonly number: string;
  readonly track: string;
  readonly at: string;
  readonly lon: number;
  readonly lat: number;
  readonly accuracy_m: number;
}

export interface Recording {
  readonly number: string;
  /** A name of this recording that no other phone draws. */
  readonly track: string;
  readonly isOn: boolean;
  readonly kept: number;
  /** The second from which the trip is forgotten here; absent in what was recorded before phones forgot. */
  readonly forgetAt?: number | undefined;
  /** How many positions the office has refused for good, and what it said; they are not kept. */
  readonly refused?: number;
  readonly why?: string;
}

export type MarkKind = "received" | "ended";

/** What the driver confirmed and the office has not got yet; one of each kind a pass. */
export interface KeptMark {
  /** Pass number. */
  readonly number: string;
  readonly kind: MarkKind;
  readonly code: string;
  /** "lon,lat", "" where the phone did not tell. */
  readonly position: string;
  /** When it was pressed, by the phone's clock, in milliseconds. */
  readonly at: number;
  /** What the office says is wrong with it; then it waits for the driver and no more for the network. */
  readonly refused?: string;
}

const NAME = "baotong-track";
const VERSION = 2;
const POINTS = "points";
const RECORDINGS = "recordings";
const MARKS = "marks";

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Read and write a recording within one transaction. */
function changeKept(recordings: IDBObjectStore, recording: Recording, how: (kept: Recording) => Recording): void {
  const asked = recordings.get(recording.number) as IDBRequest<Recording | undefined>;
  asked.onsuccess = () => recordings.put(how(asked.result ?? recording));
}

export class TrackStore {
  private readonly database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.database = database;
  }

  static async open(): Promise<TrackStore> {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) {
        const points = request.result.createObjectStore(POINTS, { keyPath: "seq", autoIncrement: true });
        points.createIndex("number", "number");
        request.result.createObjectStore(RECORDINGS, { keyPath: "number" });
      }
      request.result.createObjectStore(MARKS, { keyPath: ["number", "kind"] });
    };
    const database = await answered(request);
    database.onversionchange = () => database.close();
    return new TrackStore(database);
  }

  recording(number: string): Promise<Recording | undefined> {
    return answered(this.database.transaction(RECORDINGS).objectStore(RECORDINGS).get(number) as IDBRequest<Recording | undefined>);
  }

  recordings(): Promise<Recording[]> {
    return answered(this.database.transaction(RECORDINGS).objectStore(RECORDINGS).getAll() as IDBRequest<Recording[]>);
  }

  /** Forget everything of a trip. */
  async forgetTrip(number: string): Promise<void> {
    const index = this.database.transaction(POINTS).objectStore(POINTS).index("number");
    const points = await answered(index.getAllKeys(IDBKeyRange.only(number)));
    const marks = await this.marks(number);
    await this.write([POINTS, RECORDINGS, MARKS], (of) => {
      for (const one of points) of(POINTS).delete(one);
      for (const one of marks) of(MARKS).delete([number, one.kind]);
      of(RECORDINGS).delete(number);
    });
  }

  /** Change a recording, as it is kept or else as it is given; of two changes at once none is lost. */
  change(recording: Recording, how: (kept: Recording) => Recording): Promise<void> {
    return this.write([RECORDINGS], (of) => changeKept(of(RECORDINGS), recording, how));
  }

  /** Keep a position, and count it; when this has returned it survives a killed browser. */
  keep(point: Measured, recording: Recording): Promise<void> {
    return this.write([POINTS, RECORDINGS], (of) => {
      of(POINTS).add(point);
      changeKept(of(RECORDINGS), recording, (kept) => ({ ...kept, kept: kept.kept + 1 }));
    });
  }

  /** Return the oldest positions of a pass that are not sent, at most so many. */
  waiting(number: string, most: number): Promise<Measured[]> {
    const index = this.database.transaction(POINTS).objectStore(POINTS).index("number");
    return answered(index.getAll(IDBKeyRange.only(number), most) as IDBRequest<Measured[]>);
  }

  count(number: string): Promise<number> {
    return answered(this.database.transaction(POINTS).objectStore(POINTS).index("number").count(IDBKeyRange.only(number)));
  }

  forget(seqs: readonly number[]): Promise<void> {
    return this.write([POINTS], (of) => seqs.forEach((seq) => of(POINTS).delete(seq)));
  }

  /** Keep what was confirmed; when this has returned it survives a killed browser. */
  keepMark(mark: KeptMark): Promise<void> {
    return this.write([MARKS], (of) => of(MARKS).put(mark));
  }

  dropMark(number: string, kind: MarkKind): Promise<void> {
    return this.write([MARKS], (of) => of(MARKS).delete([number, kind]));
  }

  async marks(number: string): Promise<KeptMark[]> {
    const all = await answered(this.database.transaction(MARKS).objectStore(MARKS).getAll() as IDBRequest<KeptMark[]>);
    return all.filter((one) => one.number === number);
  }

  private write(names: string[], change: (of: (name: string) => IDBObjectStore) => void): Promise<void> {
    const transaction = this.database.transaction(names, "readwrite", { durability: "strict" });
    change((name) => transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}
