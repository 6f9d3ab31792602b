import { Button, Code, CopyButton, Group, Skeleton, Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../../api/client";
import type { ExchangeMessage, ExchangeRow } from "../../../api/types";
import { Failure } from "../../../shared/Failure";
import { asText, failing, since } from "./exchange";
import classes from "./trace.module.css";

/** The messages as a ladder: the PBX on the left, Телефонистка on the right. */
export function Ladder({ line, row }: { line: string; row: ExchangeRow }) {
  const { t } = useTranslation();
  const trace = api.useQuery("get", "/api/lines/{id}/trace/{exchange}", {
    params: { path: { id: line, exchange: row.id } },
  });
  if (trace.error) return <Failure error={trace.error} />;
  if (trace.isPending) return <Skeleton h={120} />;
  const messages = trace.data;
  const first = messages[0];
  if (!first) {
    return (
      <Text size="sm" c="dimmed" p="xs">
        {t("trace.gone")}
      </Text>
    );
  }
  return (
    <div>
      <Group justify="end" p="xs">
        <CopyButton value={asText(messages, { out: t("trace.toPbx"), in: t("trace.fromPbx") })}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              size="xs"
              leftSection={copied ? <IconCheck size="1.1em" /> : <IconCopy size="1.1em" />}
              onClick={copy}
            >
              {t(copied ? "trace.copied" : "trace.copy")}
            </Button>
          )}
        </CopyButton>
      </Group>
      <div className={classes.sides} aria-hidden>
        <Text size="sm" fw={600} span>
          {t("trace.pbx")}
        </Text>
        <Text size="sm" fw={600} span>
          {t("trace.we")}
        </Text>
      </div>
      <ol className={classes.ladder} aria-label={t("trace.ladder")}>
        {messages.map((message, index) => (
          <Rung key={index} message={message} first={first.at} />
        ))}
      </ol>
      {row.messages > messages.length && (
        <Text size="sm" c="dimmed" p="xs">
          {t("trace.more", { count: row.messages - messages.length })}
        </Text>
      )}
    </div>
  );
}

function Rung({ message, first }: { message: ExchangeMessage; first: string }) {
  const { t, i18n } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <li>
      <div className={classes.step}>
        <Text size="xs" c="dimmed" span className={classes.after}>
          {since(first, message.at, i18n.language)}
        </Text>
        <UnstyledButton
          className={classes.rung}
          aria-expanded={opened}
          onClick={() => {
            setOpened(!opened);
          }}
        >
          <Text size="sm" span className={failing(message.label) ? classes.bad : undefined}>
            {message.label}
          </Text>
          <span className="unseen">{t(message.outgoing ? "trace.toPbx" : "trace.fromPbx")}</span>
          <span className={`${classes.arrow ?? ""} ${(message.outgoing ? classes.toLeft : classes.toRight) ?? ""}`} />
        </UnstyledButton>
      </div>
      {opened && (
        <Code block className={classes.raw} tabIndex={0}>
          {message.text}
        </Code>
      )}
    </li>
  );
}
