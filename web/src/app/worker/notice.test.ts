import { describe, expect, it } from "vitest";
import { pathOf, read } from "./notice";

const message = "0192f7a0-0000-7000-8000-000000000001";
const delivery = "0192f7a0-0000-7000-8000-000000000002";

describe("what is pushed", () => {
  it("names the message and what to show of it", () => {
    const body = { message, delivery, title: "Иван Петров", text: "Просит перезвонить" };
    expect(read(JSON.stringify(body))).toEqual({ ...body, urgent: false });
    expect(read(JSON.stringify({ ...body, urgent: true }))?.urgent).toBe(true);
  });

  it("is nothing where it is something else", () => {
    for (const text of ["", "null", "7", "{}", JSON.stringify({ message: "../cabinet", delivery })]) {
      expect(read(text), text).toBeNull();
    }
  });

  it("opens the message, and accepts it by its button", () => {
    expect(pathOf({ message }, "")).toBe(`/app/messages/${message}`);
    expect(pathOf({ message }, "accept")).toBe(`/app/messages/${message}?accept=1`);
  });
});
