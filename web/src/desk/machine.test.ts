import { describe, expect, it } from "vitest";
import {
  mayCall,
  mayChoose,
  nameOf,
  reduce,
  soundOf,
  START,
  talking,
  transferring,
  transferText,
  type Desk,
  type Event,
} from "./machine";
import type { CallCard, Current, ServerFrame, Transfer } from "./wire";

function card(id: string): CallCard {
  return { id, line_name: "Отдел продаж" } as CallCard;
}

function after(...events: (ServerFrame | Event)[]): Desk {
  return events.reduce<Desk>(
    (desk, event) => reduce(desk, "from" in event ? event : { from: "server", frame: event }),
    START,
  );
}

const at = "2026-11-23T09:00:00Z";
const welcome: ServerFrame = {
  type: "welcome",
  operator: { id: "o", name: "Мария" },
  state: "offline",
  offer_seconds: 20,
  wrap_up_seconds: 30,
};
const state = (state: Desk["state"] & string, reason?: "offer_missed"): ServerFrame => ({
  type: "state",
  state: state as never,
  since: at,
  ...(reason ? { reason } : {}),
});
const ringing = (id: string): ServerFrame => ({ type: "ringing", call: card(id), deadline: at });
const call = (id: string, ended = false): ServerFrame => ({
  type: "call",
  call: card(id),
  on_hold: false,
  muted: false,
  answered_at: at,
  ...(ended ? { ended_at: at, ending: "caller_hung_up" as const } : {}),
});

describe("the desk", () => {
  it("rings, talks, works after the call, and is free again", () => {
    const rings = after(welcome, state("ready"), state("offered"), ringing("a"));
    expect(rings.ringing?.call.id).toBe("a");
    expect(mayChoose(rings)).toBe(false);

    const talks = after(welcome, state("offered"), ringing("a"), call("a"), state("on_call"));
    expect(talks.ringing).toBeNull();
    expect(talking(talks)).toBe(true);

    const works = after(welcome, call("a"), state("on_call"), call("a", true), state("wrap_up"));
    expect(talking(works)).toBe(false);
    expect(works.current?.call.id).toBe("a");
    expect(mayChoose(works)).toBe(true);

    const free = after(welcome, state("on_call"), call("a", true), state("wrap_up"), state("ready"));
    expect(free.current).toBeNull();
  });

  it("takes frames in either order", () => {
    expect(after(welcome, ringing("a"), state("offered")).ringing?.call.id).toBe("a");
    expect(after(welcome, state("offered"), ringing("a"), state("on_call"), call("a")).current?.call.id).toBe(
      "a",
    );
  });

  it("says why a ringing call went away, before and after the state changed", () => {
    const gone: ServerFrame = { type: "withdrawn", call: "a", why: "caller_gave_up" };
    expect(after(welcome, state("offered"), ringing("a"), gone)).toMatchObject({
      ringing: null,
      withdrawn: "caller_gave_up",
    });
    expect(after(welcome, state("offered"), ringing("a"), state("ready"), gone).withdrawn).toBe(
      "caller_gave_up",
    );
    expect(after(welcome, state("offered"), ringing("b"), gone).ringing?.call.id).toBe("b");
  });

  it("keeps the reason of a break until the operator is ready again", () => {
    const missed = after(welcome, state("ready"), state("break", "offer_missed"));
    expect(missed.reason).toBe("offer_missed");
    expect(reduce(missed, { from: "server", frame: state("ready") }).reason).toBeNull();
  });

  it("stops ringing when the link is lost, and keeps the call", () => {
    const lost = reduce(after(welcome, state("offered"), ringing("a")), { from: "link", open: false });
    expect(lost).toMatchObject({ link: "lost", ringing: null });
    const talks = reduce(after(welcome, call("a"), state("on_call")), { from: "link", open: false });
    expect(talks.current?.call.id).toBe("a");
    expect(mayChoose(talks)).toBe(false);
  });

  it("forgets a call whose end was missed", () => {
    const back = after(welcome, call("a"), state("on_call"), { from: "link", open: false }, welcome);
    expect(back.current).toBeNull();
  });

  it("has sound only when both sides say so", () => {
    const here: Event = { from: "sound", state: "up" };
    expect(soundOf(after(welcome, here))).toBe("starting");
    const both = after(welcome, here, { type: "sound_state", state: "up" });
    expect(soundOf(both)).toBe("up");
    expect(soundOf(reduce(both, { from: "link", open: false }))).toBe("starting");
  });

  it("stays closed when the desk was opened elsewhere", () => {
    expect(after(welcome, { type: "replaced" }, { from: "link", open: false }).link).toBe("replaced");
  });

  it("shows the newest call, and what the server refused", () => {
    expect(after(welcome, call("a", true), state("offered"), ringing("b")).current).toBeNull();
    const refused = after({ type: "error", code: "x", text: "Нет" });
    expect(refused.error).toEqual({ code: "x", text: "Нет" });
    expect(reduce(refused, { from: "operator", did: "dismissed" }).error).toBeNull();
  });
});

describe("a call that is placed", () => {
  const sound: (ServerFrame | Event)[] = [
    { from: "sound", state: "up" },
    { type: "sound_state", state: "up" },
  ];
  const placed = (more: Partial<Current>): ServerFrame => ({
    type: "call",
    call: { ...card("out"), errand: { of: "call_back", call: "in" } },
    on_hold: false,
    muted: false,
    ...more,
  });
  const asked: Event = { from: "operator", did: "asked", whom: "in" };

  it("may be asked for between calls, after one and on a break, with sound, once at a time", () => {
    for (const free of ["ready", "wrap_up", "break", "lunch"] as const) {
      expect(mayCall(after(welcome, ...sound, state(free)))).toBe(true);
    }
    for (const not of ["offline", "offered", "on_call"] as const) {
      expect(mayCall(after(welcome, ...sound, state(not)))).toBe(false);
    }
    expect(mayCall(after(welcome, state("ready")))).toBe(false);
    expect(mayCall(after(welcome, ...sound, state("ready"), asked))).toBe(false);
    expect(mayCall(after(welcome, ...sound, state("ready"), { from: "link", open: false }))).toBe(false);
  });

  it("is the operator's call from the first tone, and may follow another one at once", () => {
    const dials = after(welcome, ...sound, call("a", true), state("wrap_up"), asked, placed({ placing: "calling" }));
    expect(dials.asked).toBeNull();
    expect(dials.current).toMatchObject({ call: { id: "out" }, placing: "calling" });
    expect(talking(dials)).toBe(true);

    const unanswered = placed({ ended_at: at, ending: "callee_no_answer" });
    const over = after(welcome, ...sound, state("on_call"), placed({ placing: "ringing" }), unanswered, state("wrap_up"));
    expect(over.current?.ending).toBe("callee_no_answer");
    expect(mayCall(over)).toBe(true);
  });

  it("may be asked for anew where it was refused, and where the line broke", () => {
    const refused = after(welcome, ...sound, state("ready"), asked, { type: "error", code: "line_down", text: "Нет" });
    expect(refused.error?.code).toBe("line_down");
    expect(mayCall(refused)).toBe(true);
    expect(reduce(refused, asked).error).toBeNull();
    expect(after(welcome, asked, { from: "link", open: false }).asked).toBeNull();
  });
});

describe("a transfer", () => {
  const colleague = { recipient: { to: "employee" as const, employee: "e" }, dialled: "mobile" as const };
  const current = (transfer: Partial<Transfer> | null, ended = false): Current => ({
    call: card("a"),
    on_hold: true,
    muted: false,
    answered_at: at,
    ...(ended && { ended_at: at }),
    transfer: transfer && { colleague, stage: "calling", blind: false, together: false, ...transfer },
  });

  it("is told at every step", () => {
    const told = (transfer: Partial<Transfer>) => transferText(current(transfer));
    expect(told({})).toBe("desk.transfer.calling");
    expect(told({ stage: "ringing" })).toBe("desk.transfer.ringing");
    expect(told({ stage: "ringing", blind: true })).toBe("desk.transfer.callingBlind");
    expect(told({ stage: "answered" })).toBe("desk.transfer.answered");
    expect(told({ stage: "answered", together: true })).toBe("desk.transfer.together");
    expect(told({ stage: "failed", fault: "busy" })).toBe("desk.transfer.fault.busy");
    expect(transferText(current(null))).toBeNull();
  });

  it("is over where it failed, and with the call", () => {
    expect(transferring(current({ stage: "ringing" }))?.stage).toBe("ringing");
    expect(transferring(current({ stage: "failed", fault: "no_answer" }))).toBeNull();
    expect(transferring(current({ stage: "answered" }, true))).toBeNull();
    expect(transferText(current({ stage: "answered" }, true))).toBeNull();
  });

  it("names whom the card knows", () => {
    const call = {
      ...card("a"),
      employees: [{ id: "e", name: "Иван" }],
      departments: [{ id: "d", name: "Продажи" }],
    } as CallCard;
    expect(nameOf(call, colleague)).toBe("Иван");
    const recipient = { to: "department" as const, department: "d" };
    expect(nameOf(call, { recipient, dialled: "extension" })).toBe("Продажи");
    const gone = { to: "employee" as const, employee: "gone" };
    expect(nameOf(call, { recipient: gone, dialled: "extension" })).toBe("");
  });
});
