import { QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { queries, refresh } from "./client";

test("what changes while its first answer is on its way is asked for again", async () => {
  let answer: (value: string) => void = () => undefined;
  let asked = 0;
  const observer = new QueryObserver(queries, {
    queryKey: ["get", "/api/calls/1"],
    queryFn: () => {
      asked += 1;
      return asked > 1 ? "after" : new Promise<string>((resolve) => (answer = resolve));
    },
  });
  const stop = observer.subscribe(() => undefined);
  const refreshed = refresh("/api/calls");
  answer("before");
  await refreshed;
  expect(observer.getCurrentResult().data).toBe("after");
  expect(asked).toBe(2);
  stop();
});

test("another path is left alone", async () => {
  let asked = 0;
  const observer = new QueryObserver(queries, {
    queryKey: ["get", "/api/lines"],
    queryFn: () => ++asked,
  });
  const stop = observer.subscribe(() => undefined);
  await refresh("/api/calls");
  await queries.getQueryCache().find({ queryKey: ["get", "/api/lines"] })?.promise;
  expect(asked).toBe(1);
  stop();
});
