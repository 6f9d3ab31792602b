import { Button, Kbd } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useKeys } from "./keys";
import { mayCall, soundOf, type Desk } from "./machine";
import type { Shortcut } from "./shortcuts";

interface Props {
  desk: Desk;
  /** What the server is asked by: the call or the task. */
  whom: string;
  onCall: () => void;
  children: string;
  /** Who would be called, for those who hear a list of such buttons. */
  name?: string;
  /** Why not now. */
  hindrance?: string | undefined;
  shortcut?: Shortcut | undefined;
  variant?: "filled" | "light" | "default";
}

/** Calls somebody through the company's PBX. */
export function CallButton({
  desk,
  whom,
  onCall,
  children,
  name,
  hindrance,
  shortcut,
  variant = "light",
}: Props) {
  const { t } = useTranslation();
  const may = !hindrance && mayCall(desk);
  const reason = hindrance ?? (soundOf(desk) === "up" ? undefined : t("desk.placing.needSound"));
  useKeys(may && shortcut ? { [shortcut.key]: onCall } : {});
  return (
    <Button
      size="sm"
      variant={variant}
      disabled={!may && desk.asked === null}
      loading={desk.asked === whom}
      onClick={() => {
        if (may) onCall();
      }}
      title={reason}
      leftSection={<IconPhoneOutgoing size="1.1em" aria-hidden />}
      rightSection={shortcut && <Kbd>{shortcut.shown}</Kbd>}
    >
      {children}
      {name && <span className="unseen">{`: ${name}`}</span>}
    </Button>
  );
}
