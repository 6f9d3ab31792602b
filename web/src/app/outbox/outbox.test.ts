import { describe, expect, it } from "vitest";
import type { Message } from "../../message/contract";
import { memoryShelf } from "../keep/database";
import { outcomeOf, type Outcome } from "./carry";
import { applied, queued, type Deed, type Entry } from "./deed";
import { Outbox } from "./outbox";

const kinds = (entries: readonly Entry[]) => entries.map(({ deed }) => deed.kind);

/** Entries as they come of deeds done one after another with one message. */
function after(...deeds: Deed[]): Entry[] {
  return deeds.reduce<Entry[]>(
    (entries, deed, i) => queued(entries, { n: String(i).padStart(3, "0"), at: "2026-11-23T10:00:00Z", message: "m", deed }),
    [],
  );
}

describe("what waits", () => {
  it("stands once where it was said twice", () => {
    expect(kinds(after({ kind: "read" }, { kind: "read" }, { kind: "accept" }, { kind: "accept" }))).toEqual([
      "read",
      "accept",
    ]);
  });

  it("goes where it was taken back before it was sent", () => {
    expect(after({ kind: "accept" }, { kind: "release" })).toEqual([]);
    expect(kinds(after({ kind: "accept" }, { kind: "close" }, { kind: "reopen" }))).toEqual(["accept"]);
  });

  it("is followed by what undoes it once it is on its way", () => {
    const sent = after({ kind: "accept" }).map((entry) => ({ ...entry, sending: true }));
    const back: Entry = { n: "9", at: "", message: "m", deed: { kind: "release" } };
    expect(kinds(queued(sent, back))).toEqual(["accept", "release"]);
  });

  it("keeps every comment, and what is done with other messages", () => {
    const comment = (id: string): Deed => ({ kind: "comment", id, text: "Перезвонил" });
    expect(after(comment("1"), comment("2"))).toHaveLength(2);
    const other: Entry = { n: "9", at: "", message: "other", deed: { kind: "release" } };
    expect(kinds(queued(after({ kind: "accept" }), other))).toEqual(["accept", "release"]);
  });

  it("shows a message as it will be", () => {
    const open = { id: "m", unread: true, state: "open" } as Message;
    const accepted = applied(open, after({ kind: "read" }, { kind: "accept" }), "Анна");
    expect(accepted).toMatchObject({ unread: false, state: "accepted", accepted_by_name: "Анна" });
    expect(applied(accepted, after({ kind: "close" }), "Анна").state).toBe("closed");
    const closed = { ...accepted, state: "closed" } as Message;
    expect(applied(closed, after({ kind: "reopen" }), "Борис")).toMatchObject({
      state: "open",
      accepted_by_name: null,
    });
    expect(applied(accepted, after({ kind: "release" }), "Анна")).toMatchObject({
      state: "open",
      accepted_by_name: null,
    });
  });
});

describe("carrying out", () => {
  const setting = () => {
    const shelf = memoryShelf();
    let clock = 1000;
    const outbox = new Outbox(shelf, () => clock++);
    const sent: string[] = [];
    let answer: (entry: Entry) => Outcome = () => ({ is: "done" });
    const send = (entry: Entry) => {
      sent.push(`${entry.message} ${entry.deed.kind}`);
      return Promise.resolve(answer(entry));
    };
    return { shelf, outbox, sent, send, answers: (next: typeof answer) => (answer = next) };
  };

  it("keeps the order in which things were done", async () => {
    const { outbox, sent, send } = setting();
    await outbox.add("a", { kind: "read" });
    await outbox.add("b", { kind: "accept" });
    await outbox.add("a", { kind: "accept" });
    expect(await outbox.flush(send)).toBe(true);
    expect(sent).toEqual(["a read", "b accept", "a accept"]);
    expect(outbox.waiting().entries).toEqual([]);
  });

  it("waits while the server is away, and loses nothing when the page is closed", async () => {
    const { shelf, outbox, sent, send, answers } = setting();
    answers(() => ({ is: "away" }));
    await outbox.add("a", { kind: "accept" });
    await outbox.add("a", { kind: "close" });
    expect(await outbox.flush(send)).toBe(false);
    expect(sent).toEqual(["a accept"]);
    const opened = new Outbox(shelf);
    await opened.load();
    expect(kinds(opened.waiting().entries)).toEqual(["accept", "close"]);
    answers(() => ({ is: "done" }));
    expect(await opened.flush(send)).toBe(true);
    expect(await shelf.all("outbox")).toEqual([]);
  });

  it("tells that somebody else was quicker, and goes on", async () => {
    const { outbox, sent, send, answers } = setting();
    answers(({ message }) =>
      message === "a" ? { is: "refused", why: "conflict", sentence: "Уже приняла Анна" } : { is: "done" },
    );
    await outbox.add("a", { kind: "accept" });
    await outbox.add("b", { kind: "accept" });
    expect(await outbox.flush(send)).toBe(true);
    expect(sent).toEqual(["a accept", "b accept"]);
    const [refusal] = outbox.waiting().refusals;
    expect(refusal).toMatchObject({ why: "conflict", sentence: "Уже приняла Анна" });
    if (refusal) outbox.dismiss(refusal);
    expect(outbox.waiting().refusals).toEqual([]);
  });

  it("takes back what was not sent, and sends nothing of it", async () => {
    const { outbox, sent, send } = setting();
    await outbox.add("a", { kind: "accept" });
    await outbox.add("a", { kind: "release" });
    await outbox.flush(send);
    expect(sent).toEqual([]);
  });

  it("tells its listeners", async () => {
    const { outbox } = setting();
    let told = 0;
    const stop = outbox.subscribe(() => told++);
    await outbox.add("a", { kind: "read" });
    expect(told).toBe(1);
    stop();
    await outbox.add("b", { kind: "read" });
    expect(told).toBe(1);
  });
});

describe("an answer", () => {
  it("is waited for where the server can't answer now", () => {
    for (const status of [0, 429, 500, 503]) expect(outcomeOf(status, "", "")).toEqual({ is: "away" });
    expect(outcomeOf(403, "wrong_csrf", "")).toEqual({ is: "away" });
    expect(outcomeOf(401, "signed_out", "")).toEqual({ is: "signed_out" });
  });

  it("is told where it is a refusal", () => {
    expect(outcomeOf(409, "already_accepted", "Уже приняла Анна")).toMatchObject({ why: "conflict" });
    expect(outcomeOf(404, "not_found", "")).toMatchObject({ why: "gone" });
    expect(outcomeOf(422, "invalid", "")).toMatchObject({ why: "other" });
  });
});
