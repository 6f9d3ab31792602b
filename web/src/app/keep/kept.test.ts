import { beforeEach, describe, expect, it } from "vitest";
import type { Session } from "../../api/types";
import type { Message, MessageDetails } from "../../message/contract";
import { found, KEPT_MAX, received, toFetch, WHOLE_MAX } from "./bound";
import { memoryShelf, type Shelf } from "./database";
import { Keeper } from "./kept";

const at = (n: number) => new Date(Date.UTC(2026, 10, 1) + n * 60_000).toISOString();

function message(n: number, change: Partial<Message> = {}): Message {
  return {
    id: `m${String(n)}`,
    call_id: "c",
    created_at: at(n),
    caller_name: "Иван Петров",
    caller_phone: "+79261234567",
    caller_phone_shown: "+7 (926) 123-45-67",
    text: "Просит перезвонить",
    answers: [],
    recipient: { to: "department", department: "d" },
    recipient_name: "Отдел продаж",
    author_name: "Мария",
    deliveries: [],
    urgent: false,
    state: "open",
    unread: true,
    ...change,
  };
}

const details = (row: Message): MessageDetails => ({
  message: row,
  call: { id: "c", recording: "ready", recording_ms: 1 } as MessageDetails["call"],
  timeline: [],
});

const person = (id: string) =>
  ({
    user: { id, login: `${id}@romashka.test`, name: id, roles: ["employee"], language: "ru", must_change_password: false },
    company: null,
    csrf: "token",
    demo: false,
  }) satisfies Session;

describe("what of a list is kept", () => {
  it("is bounded: the newest stay", () => {
    const kept = Array.from({ length: KEPT_MAX }, (_, n) => ({ row: message(n) }));
    const { put, drop } = received(kept, [message(1001), message(1000)], false);
    expect(put.map(({ row }) => row.id)).toEqual(["m1001", "m1000"]);
    expect(drop.sort()).toEqual(["m0", "m1"]);
  });

  it("loses what is not the reader's any more, and keeps what is older than the page", () => {
    const kept = [{ row: message(1) }, { row: message(5) }, { row: message(6) }];
    expect(received(kept, [message(7), message(5)], true).drop).toEqual(["m6"]);
    expect(received(kept, [message(7), message(5)], false).drop).toEqual([]);
  });

  it("keeps the details of a row that comes again, until they are asked for anew", () => {
    const row = message(1);
    const { put } = received([{ row, details: details(row) }], [message(1, { state: "accepted" })], true);
    expect(put[0]?.details).toBeDefined();
    expect(toFetch(put, WHOLE_MAX)).toEqual(["m1"]);
    expect(toFetch([{ row, details: details(row) }], WHOLE_MAX)).toEqual([]);
  });

  it("is found by state, by words in any order and by digits", () => {
    const kept = [
      { row: message(1, { text: "Про счёт за ноябрь" }) },
      { row: message(2, { state: "closed", caller_name: "Ольга", caller_phone: "+74950001122" }) },
    ];
    const ids = (filter: Parameters<typeof found>[1]) => found(kept, filter).map(({ id }) => id);
    expect(ids({})).toEqual(["m2", "m1"]);
    expect(ids({ state: "closed" })).toEqual(["m2"]);
    expect(ids({ search: "счет петров" })).toEqual(["m1"]);
    expect(ids({ search: "495 000" })).toEqual(["m2"]);
    expect(ids({ search: "склад" })).toEqual([]);
  });
});

describe("the keeper", () => {
  let shelf: Shelf;
  let keeper: Keeper;
  beforeEach(async () => {
    shelf = memoryShelf();
    keeper = new Keeper(shelf);
    await keeper.claim(person("anna"));
    await keeper.listed([message(2), message(1)], true);
    await keeper.told(details(message(2)));
    await keeper.keep("/api/me", { summary: "day" });
  });

  it("tells without a network what it was told, to the same person", async () => {
    const again = new Keeper(shelf);
    expect((await again.owner())?.user.id).toBe("anna");
    expect((await again.list({})).map(({ id }) => id)).toEqual(["m2", "m1"]);
    expect((await again.message("m2"))?.details).toBeDefined();
    expect((await again.kept("/api/me"))?.value).toEqual({ summary: "day" });
  });

  it("keeps no token", async () => {
    expect(JSON.stringify(await shelf.all("answers"))).not.toContain("token");
  });

  it("tells nothing to somebody else on the same device", async () => {
    const other = new Keeper(shelf);
    await other.claim(person("boris"));
    expect(await other.list({})).toEqual([]);
    expect(await other.kept("/api/me")).toBeUndefined();
    // A window that is still the former person's neither reads nor writes.
    await keeper.listed([message(3)], true);
    expect(await keeper.list({})).toEqual([]);
    expect(await shelf.all("messages")).toEqual([]);
  });

  it("forgets everything at the sign-out, also what comes after it", async () => {
    await shelf.change("outbox", [["1", { n: "1" }]]);
    await keeper.wipe();
    await keeper.told(details(message(4)));
    for (const store of ["messages", "outbox", "answers"] as const) expect(await shelf.all(store)).toEqual([]);
  });

  it("keeps what is to be sent when the session has ended, for the same person alone", async () => {
    await shelf.change("outbox", [["1", { n: "1" }]]);
    await keeper.lock();
    expect(await shelf.all("messages")).toEqual([]);
    await keeper.claim(person("anna"));
    expect(await shelf.all("outbox")).toHaveLength(1);
    await keeper.lock();
    await keeper.claim(person("boris"));
    expect(await shelf.all("outbox")).toEqual([]);
  });
});
