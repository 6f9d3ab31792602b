import { createContext, use, useEffect } from "react";
import { useTranslation } from "react-i18next";

/** How many things wait to be read: the title tells it, as the tab is often all there is to be seen. */
export const Unread = createContext(0);

/** Names the page in the browser's tab; a part of a page that is named by another part does not. */
export function useTitle(page: string, names = true) {
  const { t } = useTranslation();
  const unread = use(Unread);
  const brand = t("brand");
  useEffect(() => {
    if (!names) return;
    const name = page === brand ? brand : `${page} · ${brand}`;
    document.title = unread > 0 ? `(${String(unread)}) ${name}` : name;
  }, [page, brand, unread, names]);
}
