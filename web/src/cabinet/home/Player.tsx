import { ActionIcon, Anchor, Group, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { IconDownload, IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { duration } from "../../shared/time";
import { Waveform } from "./Waveform";

interface Props {
  id: string;
  ms: number;
  cutOff: boolean;
}

const SPEEDS = ["1", "1.5", "2"] as const;

/** Plays a call's recording; the caller's voice above, the operator's below. */
export default function Player({ id, ms, cutOff }: Props) {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
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

  return (
    <Stack gap="xs" data-player>
      {/* eslint-disable-next-line jsx-a11y/media-has-caption -- a telephone call has no captions */}
      <audio
        ref={audio}
        src={source}
        preload="metadata"
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
        {peaks ? <Waveform peaks={peaks} at={at} ms={ms} onSeek={seek} /> : <Skeleton h={88} flex={1} />}
      </Group>
      <Group gap="md" justify="space-between">
        <Text size="sm">
          {duration(at)} / {duration(ms)}
        </Text>
        <Group gap="md">
          <SegmentedControl
            size="xs"
            aria-label={t("player.speed")}
            data={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
            value={speed}
            onChange={(value) => {
              setSpeed(value);
              if (audio.current) audio.current.playbackRate = Number(value);
            }}
          />
          <Anchor href={`${source}?format=wav`} download size="sm">
            <Group gap="xxs" component="span">
              <IconDownload size="1.1em" aria-hidden />
              {t("player.download")}
            </Group>
          </Anchor>
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
