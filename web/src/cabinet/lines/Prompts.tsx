import { Button, Group } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Language, PromptName } from "../../api/types";

interface Props {
  names: readonly PromptName[];
  /** The language that the company's callers hear. */
  language: Language;
}

/** What the machine says, to listen to right here. */
export function Prompts({ names, language }: Props) {
  const { t } = useTranslation();
  const [playing, setPlaying] = useState<PromptName | null>(null);
  const sound = useRef<HTMLAudioElement | null>(null);
  const stop = () => {
    sound.current?.pause();
    sound.current = null;
    setPlaying(null);
  };
  useEffect(
    () => () => {
      sound.current?.pause();
    },
    [],
  );
  const play = (name: PromptName) => {
    sound.current?.pause();
    const audio = new Audio(`/api/prompts?name=${name}&language=${language}`);
    const over = () => {
      if (sound.current === audio) stop();
    };
    audio.onended = over;
    sound.current = audio;
    setPlaying(name);
    audio.play().catch(over);
  };
  return (
    <Group gap="xs">
      {names.map((name) => {
        const on = playing === name;
        return (
          <Button
            key={name}
            variant="default"
            size="compact-sm"
            aria-pressed={on}
            leftSection={on ? <IconPlayerStop size="1em" /> : <IconPlayerPlay size="1em" />}
            onClick={() => {
              if (on) stop();
              else play(name);
            }}
          >
            {t(`prompts.names.${name}`)}
          </Button>
        );
      })}
    </Group>
  );
}
