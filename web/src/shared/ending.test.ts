import { expect, test } from "vitest";
import { endingText } from "./ending";

test("whoever hangs up is a caller only in a call that came in", () => {
  expect(endingText("caller_hung_up", false)).toBe("ending.caller_hung_up");
  expect(endingText("caller_hung_up", true)).toBe("ending.callee_hung_up");
  expect(endingText("callee_busy", true)).toBe("ending.callee_busy");
});
