import { expect, it } from "vitest";
import { homeOf, opens, placesOf } from "./places";

it("begins where somebody with several roles works most, whatever their order", () => {
  expect(placesOf(["operator", "company_admin"])).toEqual(["cabinet", "desk"]);
  expect(opens("desk", ["company_admin"])).toBe(false);
  expect(homeOf([])).toBe("/account");
});
