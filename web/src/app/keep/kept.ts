import type { Session } from "../../api/types";
import type { Message, MessageDetails } from "../../message/contract";
import { found, lightened, received, toFetch, WHOLE_MAX, type Kept } from "./bound";
import { lastingShelf, type Shelf } from "./database";

/** Who the device's things belong to, as the session told it. */
export type Owner = Omit<Session, "csrf">;

/** An answer of the server that is kept under a name. */
interface Answer<T> {
  at: string;
  value: T;
}

/**
 * What the app keeps of one person's messages, to be read without a network.
 * Nothing is written or read before {@link Keeper.claim} said whose it is, nor
 * after somebody else came: the device may have been handed on.
 */
export class Keeper {
  #owner: string | null = null;

  constructor(readonly shelf: Shelf) {}

  /** Takes the device for this person; another one's things go. */
  async claim(session: Session): Promise<void> {
    const { csrf: _, ...owner } = session;
    const before = await this.shelf.get<Owner>("answers", "owner");
    if (before?.user.id !== owner.user.id) await this.shelf.clear();
    this.#owner = owner.user.id;
    await this.shelf.change("answers", [["owner", owner]]);
  }

  /** Whose things are here; none where nobody's are. */
  async owner(): Promise<Owner | null> {
    const owner = (await this.shelf.get<Owner>("answers", "owner")) ?? null;
    this.#owner = owner?.user.id ?? null;
    return owner;
  }

  /** Everything goes, and nothing of this person is written any more. */
  async wipe(): Promise<void> {
    this.#owner = null;
    await this.shelf.clear();
  }

  /** The session ended: what can be read goes, what is to be sent waits for the same person. */
  async lock(): Promise<void> {
    const owner = await this.shelf.get<Owner>("answers", "owner");
    const waiting = await this.shelf.all<{ n: string }>("outbox");
    await this.wipe();
    if (!owner || waiting.length === 0) return;
    await this.shelf.change("answers", [["owner", owner]]);
    await this.shelf.change(
      "outbox",
      waiting.map((entry) => [entry.n, entry]),
    );
  }

  /** Whether the device is still this person's. */
  async #own(): Promise<boolean> {
    if (!this.#owner) return false;
    const owner = await this.shelf.get<Owner>("answers", "owner");
    return owner?.user.id === this.#owner;
  }

  /** Keeps what a list told. */
  async listed(rows: readonly Message[], beginning: boolean): Promise<void> {
    if (!(await this.#own())) return;
    const { put, drop } = received(await this.#all(), rows, beginning);
    await this.#write(put, drop);
  }

  /** Keeps a message whole. */
  async told(details: MessageDetails): Promise<void> {
    if (!(await this.#own())) return;
    await this.#write([{ row: details.message, details }], []);
    await this.#write(lightened(await this.#all()), []);
  }

  /** The message is gone, or not this person's any more. */
  async gone(id: string): Promise<void> {
    if (await this.#own()) await this.#write([], [id]);
  }

  /** What of the kept messages a filter asks for. */
  async list(filter: { state?: string | undefined; search?: string | undefined }): Promise<Message[]> {
    return (await this.#own()) ? found(await this.#all(), filter) : [];
  }

  /** A kept message: whole, or as far as its list told it. */
  async message(id: string): Promise<Kept | undefined> {
    return (await this.#own()) ? this.shelf.get<Kept>("messages", id) : undefined;
  }

  /** The newest messages that are not kept whole yet. */
  async missing(): Promise<string[]> {
    return (await this.#own()) ? toFetch(await this.#all(), WHOLE_MAX / 2) : [];
  }

  /** Keeps an answer under a name. */
  async keep<T>(name: string, value: T): Promise<void> {
    if (!(await this.#own())) return;
    const answer: Answer<T> = { at: new Date().toISOString(), value };
    await this.shelf.change("answers", [[name, answer]]);
  }

  /** The answer of that name. */
  async kept<T>(name: string): Promise<Answer<T> | undefined> {
    return (await this.#own()) ? this.shelf.get<Answer<T>>("answers", name) : undefined;
  }

  #all(): Promise<Kept[]> {
    return this.shelf.all<Kept>("messages");
  }

  #write(put: readonly Kept[], drop: readonly string[]): Promise<void> {
    if (put.length === 0 && drop.length === 0) return Promise.resolve();
    return this.shelf.change(
      "messages",
      put.map((it) => [it.row.id, it]),
      drop,
    );
  }
}

/** The keeper of this device. */
export const keeper = new Keeper(lastingShelf());
