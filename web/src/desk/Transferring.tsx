import { Button, Group, Kbd } from "@mantine/core";
import { IconArrowBackUp, IconArrowsJoin2, IconUsersGroup } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { sideOf } from "../shared/side";
import classes from "./desk.module.css";
import { useKeys } from "./keys";
import type { Commands } from "./useDesk";
import type { CallCard, Transfer } from "./wire";

interface Props {
  call: CallCard;
  transfer: Transfer;
  commands: Commands;
}

/** What can be done while a colleague is called or talks. */
export default function Transferring({ call, transfer, commands }: Props) {
  const { t } = useTranslation();
  const answered = transfer.stage === "answered";
  const mayHandOver = answered || !transfer.blind;
  const handOver = () => {
    commands.handOver(call.id);
  };
  const back = () => {
    commands.backToCaller(call.id);
  };
  const together = () => {
    commands.together(call.id, !transfer.together);
  };
  useKeys({
    ...(mayHandOver && { KeyC: handOver }),
    KeyB: back,
    ...(answered && { KeyV: together }),
  });
  return (
    <Group gap="xs" className={classes.controls}>
      {mayHandOver && (
        <Button
          color="green"
          onClick={handOver}
          leftSection={<IconArrowsJoin2 size="1.1em" />}
          rightSection={<Kbd>C</Kbd>}
        >
          {t(answered ? "desk.transfer.handOver" : "desk.transfer.handOverLater")}
        </Button>
      )}
      <Button
        variant="default"
        onClick={back}
        leftSection={<IconArrowBackUp size="1.1em" />}
        rightSection={<Kbd>B</Kbd>}
      >
        {t("desk.transfer.back", sideOf(Boolean(call.errand)))}
      </Button>
      {answered && (
        <Button
          variant={transfer.together ? "filled" : "default"}
          aria-pressed={transfer.together}
          onClick={together}
          leftSection={<IconUsersGroup size="1.1em" />}
          rightSection={<Kbd>V</Kbd>}
        >
          {t("desk.transfer.three")}
        </Button>
      )}
    </Group>
  );
}
