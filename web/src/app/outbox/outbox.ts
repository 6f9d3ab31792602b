import type { Shelf } from "../keep/database";
import { keeper } from "../keep/kept";
import { carryOut, type Outcome } from "./carry";
import { nameAfter, queued, type Deed, type Entry, type Refusal } from "./deed";

/** What waits, and what was refused and is not yet read. */
export interface Waiting {
  entries: readonly Entry[];
  refusals: readonly Refusal[];
}

type Send = (entry: Entry) => Promise<Outcome>;
type Listener = () => void;

/** One at a time, in all windows and the service worker; where there are no locks, in this one. */
const alone = async (work: () => Promise<void>): Promise<void> => {
  if (typeof navigator !== "undefined" && "locks" in navigator) {
    await navigator.locks.request("telefonistka-outbox", work);
  } else {
    await work();
  }
};

/** Deeds on their way to the server: kept on the device until it took them. */
export class Outbox {
  #waiting: Waiting = { entries: [], refusals: [] };
  readonly #listeners = new Set<Listener>();
  #turn = Promise.resolve();

  constructor(
    private readonly shelf: Shelf,
    private readonly now: () => number = Date.now,
  ) {}

  readonly waiting = (): Waiting => this.#waiting;

  readonly subscribe = (listener: Listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads what waits: another window, or the service worker, may have changed it. */
  load(): Promise<void> {
    return this.#inTurn(async () => {
      this.#show(await this.shelf.all<Entry>("outbox"));
    });
  }

  /** Notes a deed; it is carried out by the next {@link Outbox.flush}. */
  add(message: string, deed: Deed): Promise<void> {
    return this.#inTurn(async () => {
      const before = await this.shelf.all<Entry>("outbox");
      const now = this.now();
      const entry: Entry = { n: nameAfter(before, now), at: new Date(now).toISOString(), message, deed };
      const after = queued(before, entry);
      const stays = new Set(after.map(({ n }) => n));
      await this.shelf.change(
        "outbox",
        after.filter(({ n }) => n === entry.n).map((it) => [it.n, it]),
        before.filter(({ n }) => !stays.has(n)).map(({ n }) => n),
      );
      this.#show(after);
    });
  }

  /** Carries out what waits. */
  async flush(send: Send): Promise<boolean> {
    let whole = false;
    await alone(async () => {
      whole = await carryOut({
        take: async () => {
          const [first] = await this.shelf.all<Entry>("outbox");
          if (first) await this.#put({ ...first, sending: true });
          return first;
        },
        settle: (entry, refusal) =>
          this.#inTurn(async () => {
            await this.shelf.change("outbox", [], [entry.n]);
            if (refusal) {
              this.#waiting = { ...this.#waiting, refusals: [...this.#waiting.refusals, refusal] };
            }
            this.#show(await this.shelf.all<Entry>("outbox"));
          }),
        putBack: (entry) => this.#put({ ...entry, sending: false }),
        send,
      });
    });
    return whole;
  }

  /** The person read it. */
  dismiss(refusal: Refusal) {
    const { entries, refusals } = this.#waiting;
    this.#tell({ entries, refusals: refusals.filter((it) => it !== refusal) });
  }

  #put(entry: Entry): Promise<void> {
    return this.#inTurn(async () => {
      await this.shelf.change("outbox", [[entry.n, entry]]);
      this.#show(await this.shelf.all<Entry>("outbox"));
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #show(entries: readonly Entry[]) {
    this.#tell({ ...this.#waiting, entries });
  }

  #tell(waiting: Waiting) {
    this.#waiting = waiting;
    for (const listener of this.#listeners) listener();
  }
}

/** The outbox of this device. */
export const outbox = new Outbox(keeper.shelf);
