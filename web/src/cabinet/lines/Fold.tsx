import { Button, Collapse, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  title: string;
  /** Whether it is open at first. */
  opened?: boolean;
  children: ReactNode;
}

/** A part of a line's settings that most never need: folded away below its title. */
export function Fold({ title, opened = false, children }: Props) {
  const [open, fold] = useDisclosure(opened);
  return (
    <div>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        onClick={fold.toggle}
        aria-expanded={open}
        rightSection={<IconChevronDown size="1em" />}
      >
        {title}
      </Button>
      <Collapse expanded={open} transitionDuration={150}>
        <Stack gap="xs" pt="xs">
          {children}
        </Stack>
      </Collapse>
    </div>
  );
}
