import {
  Accordion,
  Button,
  Container,
  Group,
  Paper,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
} from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { Empty } from "../shared/Empty";
import { Wordmark } from "../shared/Sign";
import { LanguageSwitch } from "../shared/LanguageSwitch";
import { Moment } from "../shared/Moment";
import { useTitle } from "../shared/title";
import { useSession } from "../session/session";
import classes from "./demo.module.css";
import { useDemo } from "./demo";

const FRESH_MS = 2000;

/** The demonstration's own page: who can sign in, and the letters that were caught. */
export default function DemoPage() {
  const { t } = useTranslation();
  const session = useSession();
  const demo = useDemo();
  useTitle(t("demo.title"));
  return (
    <Container size="md" py="lg" component="main">
      <Stack>
        <Group justify="space-between">
          <Wordmark />
          <LanguageSwitch signedIn={session !== null} />
        </Group>
        <div>
          <Title order={1}>{t("demo.title")}</Title>
          <Text c="dimmed">{t(demo ? "demo.lead" : "demo.off")}</Text>
        </div>
        {demo && (
          <>
            <Paper p="md" component="section">
              <Title order={2} mb="xs">
                {t("demo.signIns")}
              </Title>
              <Table.ScrollContainer minWidth={480}>
                <Table>
                  <Table.Tbody>
                    {demo.sign_ins.map((person) => (
                      <Table.Tr key={person.login}>
                        <Table.Td>{person.who}</Table.Td>
                        <Table.Td>{person.login}</Table.Td>
                        <Table.Td>{person.password}</Table.Td>
                        <Table.Td align="right">
                          <Button component="a" href={person.url} size="xs" variant="light">
                            {t("demo.enter")}
                          </Button>
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </Paper>
            <Mails />
          </>
        )}
      </Stack>
    </Container>
  );
}

function Mails() {
  const { t } = useTranslation();
  const { data: mails } = api.useQuery("get", "/api/demo/mails", {}, { refetchInterval: FRESH_MS });
  return (
    <Paper component="section" p="md">
      <Title order={2}>{t("demo.mailsTitle")}</Title>
      <Text size="sm" c="dimmed">
        {t("demo.mailsLead")}
      </Text>
      {!mails && <Skeleton h={60} mt="sm" />}
      {mails?.length === 0 && (
        <Empty icon={<IconMail />} title={t("demo.noMails")} hint={t("demo.noMailsHint")} />
      )}
      <Accordion mt="sm">
        {mails?.map((mail) => (
          <Accordion.Item key={mail.id} value={mail.id} data-mail>
            <Accordion.Control>
              <Group justify="space-between" wrap="nowrap">
                <div>
                  <Text fw={550}>{mail.subject}</Text>
                  <Text size="sm" c="dimmed">
                    {t("demo.to", { to: mail.to })}
                  </Text>
                </div>
                <Text size="sm" c="dimmed">
                  <Moment at={mail.at} />
                </Text>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <pre className={classes.mail}>{mail.text}</pre>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Paper>
  );
}
