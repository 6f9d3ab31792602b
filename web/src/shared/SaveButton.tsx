import { Button, Loader } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  dirty: boolean;
  busy: boolean;
  /** Counts the saves: each new one shows «Сохранено» for two seconds. */
  saves: number;
  onSave: () => void;
}

const SHOWN_MS = 2000;

/** «Сохранить»: greyed until something changed, «Сохранено» for two seconds after. */
export function SaveButton({ dirty, busy, saves, onSave }: Props) {
  const { t } = useTranslation();
  const [seen, setSeen] = useState(saves);
  useEffect(() => {
    if (saves === seen) return;
    const timer = setTimeout(() => {
      setSeen(saves);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [saves, seen]);
  const justSaved = saves !== seen && !dirty;
  const idle = dirty && !busy;
  // A button that is really disabled would lose the focus of who saves by the keyboard.
  return (
    <Button
      onClick={() => {
        if (idle) onSave();
      }}
      aria-disabled={!idle}
      data-disabled={!dirty || undefined}
      flex="none"
      leftSection={
        busy ? <Loader size="1em" color="currentColor" /> : justSaved ? <IconCheck size="1em" /> : undefined
      }
      aria-live="polite"
    >
      {justSaved ? t("common.saved") : t("common.save")}
    </Button>
  );
}
