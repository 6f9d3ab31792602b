import { Button, CloseButton, Paper, Text } from "@mantine/core";
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
          <Text size="sm" className={classes.askWords}>
            {t("push.offer")}
          </Text>
          <Button
            size="xs"
            variant="light"
            onClick={() => {
              setExplaining(true);
            }}
          >
            {t("push.turnOn")}
          </Button>
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
