import { Button, Kbd, Menu } from "@mantine/core";
import { IconTextPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./desk.module.css";
import { useKeys } from "./keys";

interface Props {
  texts: readonly string[];
  onChoose: (text: string) => void;
}

/** «Готовые тексты» of the company: one is put where the caret stands in the message's text. */
export default function ReadyTexts({ texts, onChoose }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  useKeys({
    KeyP: () => {
      setOpen(!open);
    },
  });
  return (
    <Menu opened={open} onChange={setOpen} position="bottom-end" returnFocus={false} shadow="md">
      <Menu.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconTextPlus size="1.1em" />}
          rightSection={<Kbd>P</Kbd>}
        >
          {t("desk.texts")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.texts}>
        {texts.map((text, index) => (
          <Menu.Item
            key={index}
            onClick={() => {
              onChoose(text);
            }}
          >
            <span className={classes.readyText}>{text}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
