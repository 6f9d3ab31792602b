import { VisuallyHidden } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { arrive } from "./arrival";

/** Takes the keyboard to each new page, and tells its name to who can't see it. */
export function Arrival() {
  const router = useRouter();
  const [title, setTitle] = useState("");
  useEffect(
    () =>
      router.subscribe("onRendered", ({ fromLocation, pathChanged }) => {
        // The first page begins where the browser does.
        if (!fromLocation || !pathChanged) return;
        // The page names itself in an effect of its own, which runs before the next frame.
        requestAnimationFrame(() => {
          arrive(document);
          setTitle(document.title);
        });
      }),
    [router],
  );
  return (
    <VisuallyHidden aria-live="polite" aria-atomic>
      {title}
    </VisuallyHidden>
  );
}
