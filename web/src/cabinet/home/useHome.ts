import { getRouteApi } from "@tanstack/react-router";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import type { HomeSearch } from "./filters";

const route = getRouteApi("/cabinet/");

type Change = { [K in keyof HomeSearch]?: HomeSearch[K] | undefined };

/** The address of «Главная», and a way to change it without leaving it. */
export function useHome() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changed: Change) =>
    void navigate({
      search: (before: HomeSearch) => ({ ...before, ...changed }) as HomeSearch,
      replace: true,
      resetScroll: false,
    });
  return { search, change };
}

/** A field whose text comes into the address once no more is typed for a moment. */
export function useTyped(value: string | undefined, put: (text: string | undefined) => void) {
  const [text, setText] = useState(value ?? "");
  const [known, setKnown] = useState(value);
  const later = useDebouncedCallback((typed: string) => {
    put(typed.trim() || undefined);
  }, 300);
  // The address changed by something else: a link, «Назад», filters that were reset.
  if (value !== known) {
    setKnown(value);
    if ((value ?? "") !== text.trim()) setText(value ?? "");
  }
  return {
    value: text,
    onChange: (typed: string) => {
      setText(typed);
      later(typed);
    },
  };
}
