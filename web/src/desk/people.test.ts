import { describe, expect, it } from "vitest";
import { everybody, matching } from "./people";
import type { CallCard } from "./wire";

const employee = (id: string, name: string, change: object = {}) => ({
  id,
  name,
  position: "Менеджер",
  department: "sales",
  extension: "101",
  dialled: [],
  has_email: true,
  presence: "available",
  ...change,
});

const call = {
  departments: [{ id: "sales", name: "Отдел продаж", extension: "200", dialled: [] }],
  employees: [
    employee("busy", "Семён Ёлкин", { presence: "busy", presence_until: "2026-11-27T10:00:00Z" }),
    employee("away", "Анна Иванова", { absent_until: "2026-12-01T00:00:00Z", position: "Главный бухгалтер" }),
    employee("here", "Пётр Орлов", { extension: "117" }),
  ],
} as unknown as CallCard;

const at = (time: string) => Date.parse(`2026-11-27T${time}Z`);
const keys = (text: string) => matching(everybody(call, at("09:00:00")), text).map(({ key }) => key);

describe("people on a card", () => {
  it("stand with those who can be reached first", () => {
    expect(keys("")).toEqual(["sales", "here", "busy", "away"]);
    expect(everybody(call, at("10:00:01")).map(({ key }) => key)).toEqual(["sales", "busy", "here", "away"]);
  });

  it("are found by name, position, department and extension, in any order of words", () => {
    expect(keys("елк")).toEqual(["busy"]);
    expect(keys("бух анн")).toEqual(["away"]);
    expect(keys("продаж менедж")).toEqual(["here", "busy"]);
    expect(keys("117")).toEqual(["here"]);
    expect(keys("никого")).toEqual([]);
  });
});
