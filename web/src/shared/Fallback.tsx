import { Button, Center, Container, Loader } from "@mantine/core";
import { IconPhoneOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty } from "./Empty";
import { Failure } from "./Failure";

/** While a page's program is on its way. */
export function Pending() {
  const { t } = useTranslation();
  return (
    <Center p="xl">
      <Loader size="sm" aria-label={t("common.loading")} />
    </Center>
  );
}

/** No such page. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<IconPhoneOff />}
      title={t("error.notFound")}
      action={
        <Button variant="light" renderRoot={(props) => <Link to="/" {...props} />}>
          {t("error.toStart")}
        </Button>
      }
    />
  );
}

/** A page that could not be drawn. */
export function Crash({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation();
  return (
    <Container size="sm" py="xl">
      <Failure error={error} title={t("error.crash")} action={{ label: t("common.retry"), run: reset }} />
    </Container>
  );
}
