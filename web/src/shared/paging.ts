/** How a list goes on: the server tells the cursor that comes next. */
export const paging = {
  pageParamName: "after",
  // Left undefined, the client would ask for page 0.
  initialPageParam: "",
  getNextPageParam: (page: { next?: string | null }) => page.next ?? undefined,
} as const;
