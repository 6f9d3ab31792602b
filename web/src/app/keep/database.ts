/** Where things are kept on this device: messages, what waits to be sent, and answers by name. */
export type Store = "messages" | "outbox" | "answers";

/** A small cupboard of stores; everything in it belongs to one person. */
export interface Shelf {
  get: <T>(store: Store, key: string) => Promise<T | undefined>;
  all: <T>(store: Store) => Promise<T[]>;
  /** Puts under the key and takes away, all or nothing. */
  change: (store: Store, put: readonly [string, unknown][], drop?: readonly string[]) => Promise<void>;
  /** Everything goes. */
  clear: () => Promise<void>;
}

const NAME = "telefonistka-app";
const STORES: readonly Store[] = ["messages", "outbox", "answers"];

/** A shelf that lasts as long as the page: for tests, and for browsers that keep nothing. */
export function memoryShelf(): Shelf {
  const stores = Object.fromEntries(STORES.map((name) => [name, new Map<string, unknown>()])) as Record<
    Store,
    Map<string, unknown>
  >;
  return {
    get: <T>(store: Store, key: string) => Promise.resolve(stores[store].get(key) as T | undefined),
    all: <T>(store: Store) =>
      Promise.resolve([...stores[store]].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value as T)),
    change: (store, put, drop = []) => {
      for (const [key, value] of put) stores[store].set(key, value);
      for (const key of drop) stores[store].delete(key);
      return Promise.resolve();
    },
    clear: () => {
      for (const store of Object.values(stores)) store.clear();
      return Promise.resolve();
    },
  };
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error("the database failed"));
    };
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = () => {
      reject(transaction.error ?? new Error("the database failed"));
    };
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = failed;
    transaction.onerror = failed;
  });
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    for (const name of STORES) request.result.createObjectStore(name);
  };
  return done(request);
}

/** The shelf of this browser. */
export function browserShelf(): Shelf {
  let opened: Promise<IDBDatabase> | undefined;
  const begin = async (mode: IDBTransactionMode, stores: readonly Store[]) => {
    opened ??= open();
    return (await opened).transaction([...stores], mode);
  };
  return {
    get: async <T>(store: Store, key: string) => {
      const transaction = await begin("readonly", [store]);
      return done(transaction.objectStore(store).get(key) as IDBRequest<T | undefined>);
    },
    all: async <T>(store: Store) => {
      const transaction = await begin("readonly", [store]);
      return done(transaction.objectStore(store).getAll() as IDBRequest<T[]>);
    },
    change: async (store, put, drop = []) => {
      const transaction = await begin("readwrite", [store]);
      const place = transaction.objectStore(store);
      for (const [key, value] of put) place.put(value, key);
      for (const key of drop) place.delete(key);
      await committed(transaction);
    },
    clear: async () => {
      const transaction = await begin("readwrite", STORES);
      for (const name of STORES) transaction.objectStore(name).clear();
      await committed(transaction);
    },
  };
}

/** The browser's shelf; where it keeps nothing (a private window), one that goes with the page. */
export function lastingShelf(): Shelf {
  const spare = memoryShelf();
  const lasting = typeof indexedDB === "undefined" ? null : browserShelf();
  const either = async <T>(ask: (shelf: Shelf) => Promise<T>): Promise<T> => {
    if (!lasting) return ask(spare);
    try {
      return await ask(lasting);
    } catch {
      return ask(spare);
    }
  };
  return {
    get: (store, key) => either((shelf) => shelf.get(store, key)),
    all: (store) => either((shelf) => shelf.all(store)),
    change: (store, put, drop) => either((shelf) => shelf.change(store, put, drop)),
    clear: async () => {
      await spare.clear();
      await either((shelf) => shelf.clear());
    },
  };
}
