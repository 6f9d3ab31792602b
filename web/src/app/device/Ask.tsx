import { Button, CloseButton, Group, Paper, Text } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { onDemand } from "../../shared/onDemand";
import classes from "./device.module.css";
import { usePush } from "./push";

const Explain = onDemand(() => import("./Explain"));

/** That the person does not want it is kept with the device. */
const KEPT = "telefonistka.app.unasked";

/** Offers notifications once, where they could come and don't. */
export function Ask() {
  const { t } = useTranslation();
  const { state, set } = usePush();
  const [unasked, setUnasked] = useState(() => localStorage.getItem(KEPT) !== null);
  const [explaining, setExplaining] = useState(false);
  const done = () => {
    localStorage.setItem(KEPT, "1");
    setUnasked(true);
  };
  return (
    <>
      {state === "off" && !unasked && (
        <Paper className={classes.ask} role="region" aria-label={t("push.offer")}>
          <IconBell size="1.4em" aria-hidden />
          <div className={classes.askWords}>
            <Text fw={600}>{t("push.offer")}</Text>
            <Text size="sm" c="dimmed">
              {t("push.offerHint")}
            </Text>
            <Group mt="xs">
              <Button
                size="xs"
                onClick={() => {
                  setExplaining(true);
                }}
              >
                {t("push.turnOn")}
              </Button>
            </Group>
          </div>
          <CloseButton aria-label={t("push.notNow")} onClick={done} />
        </Paper>
      )}
      <Explain
        opened={explaining}
        onNo={() => {
          setExplaining(false);
        }}
        onYes={() => {
          setExplaining(false);
          set.mutate(true);
        }}
      />
    </>
  );
}
