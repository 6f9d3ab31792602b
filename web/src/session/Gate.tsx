import { Box, Center, Group, Paper, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { LanguageSwitch } from "../shared/LanguageSwitch";
import { Wordmark } from "../shared/Sign";
import classes from "./Gate.module.css";

/** The page before the product: the sign, and one small form. */
export function Gate({ children, signedIn = false }: { children: ReactNode; signedIn?: boolean }) {
  return (
    <Center component="main" className={classes.ground} p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Group justify="space-between">
          <Wordmark />
          <LanguageSwitch signedIn={signedIn} />
        </Group>
        <Paper p="lg" shadow="xs">
          <Box>{children}</Box>
        </Paper>
      </Stack>
    </Center>
  );
}
