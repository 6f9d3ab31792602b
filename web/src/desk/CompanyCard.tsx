import { Alert, Anchor, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { readable } from "../shared/number";
import classes from "./desk.module.css";
import type { CallCard } from "./wire";
import { WorkingTime } from "./WorkingTime";

/** What an operator needs to know of the company. */
export function CompanyCard({ call: { company, working_time: time } }: { call: CallCard }) {
  const { t } = useTranslation();
  const rows: [string, string][] = [
    [t("desk.card.address"), company.address],
    [t("desk.card.phone"), readable(company.phone)],
    [t("desk.card.email"), company.email],
  ];
  const site = /^https?:\/\//.test(company.site) ? company.site : `https://${company.site}`;
  return (
    <section>
      <Title order={2}>{company.name}</Title>
      <Text size="sm" c={time.open ? "var(--t-lives)" : "var(--t-waits)"}>
        <WorkingTime time={time} />
      </Text>
      <Stack gap="xs" mt="xs">
        {company.not_to_say && (
          <Alert color="red" icon={<IconAlertTriangle />} title={t("desk.notToSay")} p="xs">
            <span className={classes.pre}>{company.not_to_say}</span>
          </Alert>
        )}
        {company.about && <Text className={classes.pre}>{company.about}</Text>}
        {rows
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name}>
              <Text size="sm" c="dimmed">
                {name}
              </Text>
              <Text className={classes.pre}>{value}</Text>
            </div>
          ))}
        {company.site && (
          <div>
            <Text size="sm" c="dimmed">
              {t("desk.card.site")}
            </Text>
            <Anchor href={site} target="_blank" rel="noreferrer">
              {company.site}
            </Anchor>
          </div>
        )}
      </Stack>
    </section>
  );
}
