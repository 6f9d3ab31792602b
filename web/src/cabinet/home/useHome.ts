import { getRouteApi } from "@tanstack/react-router";
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
