import { lazy, Suspense } from "react";
import classes from "./demo.module.css";
import { useDemo } from "./demo";

const Controls = lazy(() => import("./DemoControls"));

/** The demonstration's bar; where there is no demonstration, neither the bar nor its program. */
export function DemoBar() {
  const demo = useDemo();
  if (!demo) return null;
  return (
    <Suspense fallback={<div className={classes.bar} data-demo-bar />}>
      <Controls demo={demo} />
    </Suspense>
  );
}
