import { ActionIcon } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "../../shared/Confirm";
import { size } from "../../theme";
import { focusAfter } from "./RowTable";

interface Props {
  label: string;
  title: string;
  text: string;
  /** Asks first; an empty new row goes without a question. */
  ask: boolean;
  onRemove: () => void;
}

/** The basket of a row. */
export function RemoveButton({ label, title, text, ask, onRemove }: Props) {
  const { t } = useTranslation();
  const [asking, question] = useDisclosure(false);
  const button = useRef<HTMLButtonElement>(null);
  const remove = () => {
    focusAfter(button.current);
    onRemove();
  };
  return (
    <>
      <ActionIcon
        ref={button}
        data-basket
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={ask ? question.open : remove}
      >
        <IconTrash size={size.icon} stroke={size.iconStroke} />
      </ActionIcon>
      <Confirm
        opened={asking}
        title={title}
        text={text}
        yes={t("common.delete")}
        onYes={() => {
          question.close();
          remove();
        }}
        onNo={question.close}
      />
    </>
  );
}
