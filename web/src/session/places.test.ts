import { describe, expect, it } from "vitest";
import { homeOf, opens, placesOf } from "./places";

describe("places", () => {
  it("opens each role its own place", () => {
    expect(placesOf(["company_admin"])).toEqual(["cabinet", "app"]);
    expect(placesOf(["employee"])).toEqual(["app", "cabinet"]);
    expect(placesOf(["operator", "supervisor"])).toEqual(["desk"]);
    expect(placesOf(["platform_admin"])).toEqual(["platform"]);
    expect(opens("platform", ["company_admin", "operator"])).toBe(false);
    expect(opens("desk", ["employee"])).toBe(false);
  });

  it("begins where somebody with several roles works most, whatever their order", () => {
    expect(placesOf(["platform_admin", "employee", "operator"])).toEqual([
      "desk",
      "platform",
      "app",
      "cabinet",
    ]);
    expect(homeOf(["employee"])).toBe("/app");
    expect(homeOf(["operator", "company_admin"])).toBe("/cabinet");
    expect(homeOf(["employee", "operator"])).toBe("/desk");
  });

  it("sends who has no place yet to the profile", () => {
    expect(homeOf([])).toBe("/account");
  });
});
