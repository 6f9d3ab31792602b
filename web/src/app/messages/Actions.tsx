import { ActionIcon, Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp, IconCheck, IconDots, IconRotate, IconUserCheck, IconUserShare } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../message/contract";
import { useSession } from "../../session/session";
import { onDemand } from "../../shared/onDemand";
import { size } from "../../theme";
import { act } from "../data/act";
import type { Deed } from "../outbox/deed";
import { offerUndo } from "../undo";
import classes from "./messages.module.css";

const Assign = onDemand(() => import("./Assign"));

interface Props {
  message: Message;
  me: string;
}

type Simple = Exclude<Deed["kind"], "comment" | "assign" | "read">;

const OPPOSITE: Record<Simple, Simple> = {
  accept: "release",
  release: "accept",
  close: "reopen",
  reopen: "close",
};

/** What one tap does; a second one takes it back. */
function useDeeds({ message, me }: Props) {
  const mine = useMine(message) && message.state === "accepted";
  return (kind: Simple) => {
    void act(message.id, { kind }, me);
    const back: Deed[] = [{ kind: OPPOSITE[kind] }];
    // What is opened again waits for anybody: whoever had it takes it on once more.
    if (kind === "close" && mine) back.push({ kind: "accept" });
    offerUndo({ message: message.id, done: kind, back });
  };
}

/** Whether it was this person who took it on. */
function useMine(message: Message): boolean {
  return message.accepted_by_name === useSession()?.user.name;
}

/** The next step, large and at the thumb. */
export function Actions({ message, me }: Props) {
  const { t } = useTranslation();
  const does = useDeeds({ message, me });
  const mine = useMine(message);
  return (
    <div className={classes.actions}>
      {message.state === "open" && (
        <Button
          size="lg"
          leftSection={<IconUserCheck size="1.2em" aria-hidden />}
          onClick={() => {
            does("accept");
          }}
        >
          {t("app.accept")}
        </Button>
      )}
      {message.state === "accepted" && (
        <>
          {mine && (
            <Button
              size="lg"
              variant="default"
              className={classes.lesser}
              leftSection={<IconArrowBackUp size="1.2em" aria-hidden />}
              onClick={() => {
                does("release");
              }}
            >
              {t("app.release")}
            </Button>
          )}
          <Button
            size="lg"
            variant={mine ? "filled" : "default"}
            leftSection={<IconCheck size="1.2em" aria-hidden />}
            onClick={() => {
              does("close");
            }}
          >
            {t("app.close")}
          </Button>
        </>
      )}
      {message.state === "closed" && (
        <Button
          size="lg"
          variant="default"
          leftSection={<IconRotate size="1.2em" aria-hidden />}
          onClick={() => {
            does("reopen");
          }}
        >
          {t("app.reopen")}
        </Button>
      )}
    </div>
  );
}

/** What is done less often. */
export function More({ message, me }: Props) {
  const { t } = useTranslation();
  const does = useDeeds({ message, me });
  const [assigning, assign] = useDisclosure(false);
  const icon = { size: size.icon, stroke: size.iconStroke, "aria-hidden": true } as const;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={44} ml="auto" aria-label={t("app.more")}>
            <IconDots size={22} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {message.state !== "closed" && (
            <Menu.Item leftSection={<IconUserShare {...icon} />} onClick={assign.open}>
              {t("app.assign")}
            </Menu.Item>
          )}
          {message.state === "open" && (
            <Menu.Item
              leftSection={<IconCheck {...icon} />}
              onClick={() => {
                does("close");
              }}
            >
              {t("app.close")}
            </Menu.Item>
          )}
          {message.state === "accepted" && (
            <Menu.Item
              leftSection={<IconArrowBackUp {...icon} />}
              onClick={() => {
                does("release");
              }}
            >
              {t("app.release")}
            </Menu.Item>
          )}
          {message.state === "closed" && (
            <Menu.Item
              leftSection={<IconRotate {...icon} />}
              onClick={() => {
                does("reopen");
              }}
            >
              {t("app.reopen")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Assign
        opened={assigning}
        onClose={assign.close}
        onChoose={(colleague) => {
          assign.close();
          void act(message.id, { kind: "assign", employee: colleague.id, name: colleague.name }, me);
        }}
      />
    </>
  );
}
