import { useEffect } from "react";

interface Listed {
  data?: { pages: { items: unknown[]; next?: string | null }[] } | undefined;
  hasNextPage: boolean;
  isFetching: boolean;
  isError: boolean;
  fetchNextPage: () => unknown;
}

/**
 * Goes on by itself while the server has looked through a part of a long history only: such a
 * page is not full, and has a next one. Tells whether that is so at the moment.
 */
export function useWhole(list: Listed, limit: number): boolean {
  const pages = list.data?.pages ?? [];
  const last = pages.at(-1);
  // Pages that are not full together make up one that is.
  const items = pages.reduce((count, page) => count + page.items.length, 0);
  const looking = Boolean(last?.next) && (items === 0 || items % limit !== 0) && !list.isError;
  const { isFetching, hasNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (looking && hasNextPage && !isFetching) void fetchNextPage();
  }, [looking, hasNextPage, isFetching, fetchNextPage]);
  return looking;
}
