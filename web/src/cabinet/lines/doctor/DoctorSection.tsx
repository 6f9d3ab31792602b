import { Alert, Button, CopyButton, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconCopy, IconPhoneIncoming, IconStethoscope } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, refresh } from "../../../api/client";
import type { DoctorAnswer, DoctorReport, LineView } from "../../../api/types";
import { Failure } from "../../../shared/Failure";
import { Moment } from "../../../shared/Moment";
import { useTimes } from "../../../shared/zone";
import lines from "../lines.module.css";
import { Findings } from "./Findings";
import { asText, outcomeOf, uncheckedText, type Mend, type Outcome } from "./report";

/** How often progress is asked for, in milliseconds. */
const ASK_EVERY = 1000;

interface Props {
  line: LineView;
  onMend: (field: Mend) => void;
}

/** «Проверка соединения»: the doctor checks everything about the line, one by one. */
export function DoctorSection({ line, onMend }: Props) {
  const { t } = useTranslation();
  const times = useTimes();
  const path = { params: { path: { id: line.id } } };
  const doctor = api.useQuery("get", "/api/lines/{id}/doctor", path, {
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.running ? ASK_EVERY : false),
  });
  const again = () => refresh(`/api/lines/{id}/doctor`);
  const start = api.useMutation("post", "/api/lines/{id}/doctor", { onSuccess: again });
  const stop = api.useMutation("delete", "/api/lines/{id}/doctor", { onSuccess: again });
  const reply = api.useMutation("post", "/api/lines/{id}/doctor/reply", { onSuccess: again });
  const { running = false, report, at } = doctor.data ?? {};
  const say = (answer: DoctorAnswer) => {
    reply.mutate({ ...path, body: { reply: answer } });
  };
  return (
    <section className={lines.section} aria-labelledby={`doctor-${line.id}`}>
      <Title order={2} id={`doctor-${line.id}`} mb="xs">
        {t("doctor.title")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t(line.account ? "doctor.lead" : "doctor.noAccount")}
      </Text>
      {line.account && (
        <Group mb="sm">
          {running ? (
            <Button
              variant="default"
              loading={stop.isPending}
              onClick={() => {
                stop.mutate(path);
              }}
            >
              {t("doctor.stop")}
            </Button>
          ) : (
            <Button
              variant="light"
              leftSection={<IconStethoscope size="1.2em" />}
              loading={start.isPending}
              onClick={() => {
                start.mutate(path);
              }}
            >
              {t("doctor.start")}
            </Button>
          )}
          {!running && report && at && (
            <CopyButton value={asText(line, times.exactly(at), report, t)}>
              {({ copied, copy }) => (
                <Button
                  variant="subtle"
                  leftSection={copied ? <IconCheck size="1.1em" /> : <IconCopy size="1.1em" />}
                  onClick={copy}
                >
                  {t(copied ? "doctor.copied" : "doctor.copy")}
                </Button>
              )}
            </CopyButton>
          )}
        </Group>
      )}
      {[doctor.error, start.error, stop.error, reply.error].map(
        (error, index) => error && <Failure key={index} error={error} />,
      )}
      {doctor.isPending && <Skeleton h={60} />}
      {report && (
        <Stack gap="sm">
          <div aria-live="polite">
            {running ? (
              report.request && <Asked line={line} request={report.request} remaining={report.remaining_s} onSay={say} />
            ) : (
              <Summary report={report} at={at} />
            )}
          </div>
          <Findings line={line} report={report} onMend={onMend} />
        </Stack>
      )}
    </section>
  );
}

const COLOURS: Record<Outcome, string> = { ill: "red", partial: "amber", fair: "amber", well: "green" };

function Summary({ report, at }: { report: DoctorReport; at: string | null | undefined }) {
  const { t } = useTranslation();
  const outcome = outcomeOf(report);
  return (
    <Alert color={COLOURS[outcome]} title={t(`doctor.${outcome}`)}>
      {outcome === "partial" && <Text size="sm">{uncheckedText(report, t)}</Text>}
      {at && (
        <Text size="sm">
          {t("doctor.checkedAt")}: <Moment at={at} />
        </Text>
      )}
    </Alert>
  );
}

interface AskedProps {
  line: LineView;
  request: NonNullable<DoctorReport["request"]>;
  remaining: DoctorReport["remaining_s"];
  onSay: (answer: DoctorAnswer) => void;
}

/** What a person is asked to do where the doctor can't do it alone. */
function Asked({ line, request, remaining, onSay }: AskedProps) {
  const { t } = useTranslation();
  const answers: DoctorAnswer[] = request === "hear" ? ["heard", "not_heard", "skip"] : ["skip"];
  // Read out once, not every second.
  const title =
    request === "stay" && remaining ? (
      <span role="timer" aria-live="off">
        {t("doctor.stayFor", { seconds: remaining })}
      </span>
    ) : (
      t(`doctor.requests.${request}.title`)
    );
  return (
    <Alert icon={<IconPhoneIncoming />} title={title}>
      <Stack gap="xs">
        <Text size="sm">
          {t(line.connected && request === "call" ? "doctor.callConnected" : `doctor.requests.${request}.text`, {
            user: line.account?.user,
          })}
        </Text>
        {request !== "speak" && request !== "stay" && (
          <Group gap="xs">
            {answers.map((answer) => (
              <Button
                key={answer}
                size="xs"
                variant="default"
                onClick={() => {
                  onSay(answer);
                }}
              >
                {t(`doctor.answers.${answer}`)}
              </Button>
            ))}
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
