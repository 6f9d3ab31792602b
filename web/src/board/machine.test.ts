import { expect, test } from "vitest";
import { reduce, speaks, START, type Board, type Event } from "./machine";
import type { BoardServerFrame, BoardView } from "./wire";

const after = (...events: Event[]): Board => events.reduce(reduce, START);
const server = (frame: BoardServerFrame): Event => ({ from: "server", frame });
const view: BoardView = { waiting: 1, longest_wait_since: null, operators: [], companies: [] };
const at = { call: "c", operator: "o", how: "whisper" } as const;

test("what goes on stays to be seen while the line is broken, a part in a call does not", () => {
  const lost = after(
    server({ type: "welcome", supervisor: "s" }),
    server({ type: "board", ...view }),
    server({ type: "sound_state", state: "up" }),
    server({ type: "supervision", at }),
    { from: "link", open: false },
  );
  expect(lost).toMatchObject({ link: "lost", soundThere: false, at: null, view: { waiting: 1 } });
});

test("nothing leaves the microphone unless the supervisor is to be heard", () => {
  expect(speaks(after(server({ type: "supervision", at: { ...at, how: "listen" } })))).toBe(false);
  expect(speaks(after(server({ type: "supervision", at })))).toBe(true);
  expect(speaks(after(server({ type: "supervision", at }), server({ type: "supervision", at: null })))).toBe(
    false,
  );
});

test("a wish waits for the sound, and is gone with the server's answer to it", () => {
  const wish = { operator: "o", how: "listen" } as const;
  const wished = after({ from: "supervisor", did: "wished", wish });
  expect(wished.wish).toEqual(wish);
  expect(reduce(wished, server({ type: "supervision", at })).wish).toBeNull();
  const refused = reduce(wished, server({ type: "error", code: "no_call", text: "Поздно." }));
  expect(refused).toMatchObject({ wish: null, error: { text: "Поздно." } });
  expect(reduce(refused, { from: "supervisor", did: "dismissed" }).error).toBeNull();
});
