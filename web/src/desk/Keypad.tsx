import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./desk.module.css";

const KEYS = [..."123456789*0#"];

/** Keys for menus at the other side. */
export function Keypad({ onDigit }: { onDigit: (digit: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.keypad} role="group" aria-label={t("desk.keypad")}>
      {KEYS.map((key) => (
        <Button
          key={key}
          variant="default"
          onClick={() => {
            onDigit(key);
          }}
        >
          {key}
        </Button>
      ))}
    </div>
  );
}
