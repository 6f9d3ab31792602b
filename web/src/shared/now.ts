import { useEffect, useState } from "react";

/** The time, told anew each second (or less often) while something on the page counts it. */
export function useNow(counting = true, everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!counting) return;
    const timer = setInterval(() => {
      setNow(Date.now());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [counting, everyMs]);
  return now;
}
