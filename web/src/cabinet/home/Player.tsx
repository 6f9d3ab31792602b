import {
  ActionIcon,
  Anchor,
  Button,
  CopyButton,
  Group,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
} from "@mantine/core";
import {
  IconCheck,
  IconDownload,
  IconLink,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
} from "@tabler/icons-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { duration } from "../../shared/time";
import { keyed, linkTo } from "./playing";
import { Waveform } from "./Waveform";

interface Props {
  id: string;
  ms: number;
  cutOff: boolean;
  /** An operator placed the call. */
  outgoing: boolean;
  /** Second to begin at. */
  start?: number | undefined;
  /** To listen to alone: with nothing to take away. */
  plain?: boolean;
}

const SPEEDS = ["0.75", "1", "1.5", "2"] as const;

/** 1,5 in Russian, 1.5 in English. */
function spoken(speed: string, language: string): string {
  return Number(speed).toLocaleString(language);
}

/** Plays a call's recording; the other side's voice above, the operator's below. */
export default function Player({ id, ms, cutOff, outgoing, start = 0, plain = false }: Props) {
  const { t, i18n } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const begin = Math.min(start * 1000, ms);
  const [at, setAt] = useState(begin);
  const [speed, setSpeed] = useState<string>("1");
  const [failed, setFailed] = useState(false);
  const { data: peaks } = api.useQuery(
    "get",
    "/api/calls/{id}/peaks",
    { params: { path: { id } } },
    { staleTime: Infinity },
  );
  const source = `/api/calls/${id}/recording`;

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    const follow = () => {
      if (audio.current) setAt(audio.current.currentTime * 1000);
      frame = requestAnimationFrame(follow);
    };
    frame = requestAnimationFrame(follow);
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [playing]);

  const seek = (to: number) => {
    setAt(to);
    if (audio.current) audio.current.currentTime = to / 1000;
  };
  const toggle = () => {
    const element = audio.current;
    if (!element) return;
    if (playing) element.pause();
    else
      element.play().catch(() => {
        setFailed(true);
      });
  };

  const onKey = (event: KeyboardEvent) => {
    const { target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || !(target instanceof HTMLElement)) return;
    // The speeds have the arrows for themselves, buttons and links the space bar.
    if (target instanceof HTMLInputElement && target.type === "radio") return;
    if (event.key === " " && target.closest("button, a")) return;
    const done = keyed(event.key, event.shiftKey, at, ms);
    if (!done) return;
    event.preventDefault();
    if ("seek" in done) seek(done.seek);
    else toggle();
  };

  return (
    <Stack gap="xs" data-player onKeyDown={onKey}>
      {/* eslint-disable-next-line jsx-a11y/media-has-caption -- a telephone call has no captions */}
      <audio
        ref={audio}
        src={source}
        preload="metadata"
        onLoadedMetadata={(event) => {
          if (begin > 0) event.currentTarget.currentTime = begin / 1000;
        }}
        onPlay={() => {
          setPlaying(true);
        }}
        onPause={() => {
          setPlaying(false);
        }}
        onEnded={() => {
          setPlaying(false);
          setAt(ms);
        }}
        onError={() => {
          setFailed(true);
        }}
      />
      <Group gap="sm" wrap="nowrap" align="center">
        <ActionIcon
          size="xl"
          radius="xl"
          variant="filled"
          onClick={toggle}
          aria-label={t(playing ? "player.pause" : "player.play")}
        >
          {playing ? <IconPlayerPauseFilled size="1.2em" /> : <IconPlayerPlayFilled size="1.2em" />}
        </ActionIcon>
        {peaks ? (
          <Waveform peaks={peaks} at={at} ms={ms} outgoing={outgoing} onSeek={seek} />
        ) : (
          <Skeleton h={88} flex={1} />
        )}
      </Group>
      <Group gap="xs" justify="space-between">
        <Text size="sm">
          {duration(at)} / {duration(ms)}
        </Text>
        <Group gap="sm">
          <SegmentedControl
            size="xs"
            aria-label={t("player.speed")}
            data={SPEEDS.map((value) => ({ value, label: `${spoken(value, i18n.language)}×` }))}
            value={speed}
            onChange={(value) => {
              setSpeed(value);
              if (audio.current) audio.current.playbackRate = Number(value);
            }}
          />
          {!plain && (
            <Group gap="sm" wrap="nowrap">
              <Group gap="xxs" component="span" wrap="nowrap">
                <IconDownload size="1.1em" aria-hidden />
                <Anchor
                  href={source}
                  download={`call-${id}.ogg`}
                  size="sm"
                  aria-label={t("player.download", { format: "Ogg" })}
                >
                  Ogg
                </Anchor>
                <Text span size="sm" c="dimmed" aria-hidden>
                  ·
                </Text>
                <Anchor
                  href={`${source}?format=wav`}
                  download
                  size="sm"
                  aria-label={t("player.download", { format: "WAV" })}
                >
                  WAV
                </Anchor>
              </Group>
              <CopyButton value={linkTo(location.origin, id, at)}>
                {({ copied, copy }) => (
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    leftSection={copied ? <IconCheck size="1.1em" /> : <IconLink size="1.1em" />}
                    onClick={copy}
                  >
                    <span aria-live="polite">{t(copied ? "player.copied" : "player.copy")}</span>
                  </Button>
                )}
              </CopyButton>
            </Group>
          )}
        </Group>
      </Group>
      {(cutOff || failed) && (
        <Text size="sm" c="var(--t-waits)" role="status">
          {t(failed ? "player.failed" : "player.cut_off")}
        </Text>
      )}
    </Stack>
  );
}
