import { useEffect } from "react";
import { useTranslation } from "react-i18next";

/** Names the page in the browser's tab. */
export function useTitle(page: string) {
  const { t } = useTranslation();
  const brand = t("brand");
  useEffect(() => {
    document.title = page === brand ? brand : `${page} · ${brand}`;
  }, [page, brand]);
}
