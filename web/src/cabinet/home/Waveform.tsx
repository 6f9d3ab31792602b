import { useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Peaks } from "../../api/types";
import { duration } from "../../shared/time";
import { bars, buckets } from "./waveform";
import classes from "./Waveform.module.css";

interface Props {
  peaks: Peaks;
  at: number;
  ms: number;
  /** An operator placed the call: the other side was called. */
  outgoing: boolean;
  onSeek: (ms: number) => void;
}

const WIDTH = 720;
const HEIGHT = 88;
const BARS = 240;

/** Both voices over time; a press anywhere plays from there. */
export function Waveform({ peaks, at, ms, outgoing, onSeek }: Props) {
  const { t } = useTranslation();
  const clip = useId();
  const { caller, operator } = useMemo(
    () => ({
      caller: bars(buckets(peaks.left, BARS), WIDTH, HEIGHT / 2, 0),
      operator: bars(buckets(peaks.right, BARS), WIDTH, HEIGHT / 2, HEIGHT / 2),
    }),
    [peaks],
  );
  const played = ms > 0 ? Math.min(1, at / ms) * WIDTH : 0;
  return (
    <div className={classes.frame}>
      <span className={classes.caller}>{t(outgoing ? "player.callee" : "player.caller")}</span>
      <span className={classes.operator}>{t("player.operator")}</span>
      <svg
        className={classes.wave}
        viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
        preserveAspectRatio="none"
        aria-hidden
        focusable="false"
      >
        <line className={classes.middle} x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        <g className={classes.ahead}>
          <path d={caller} />
          <path d={operator} />
        </g>
        <clipPath id={clip}>
          <rect width={played} height={HEIGHT} />
        </clipPath>
        <g clipPath={`url(#${clip})`}>
          <path className={classes.callerPlayed} d={caller} />
          <path className={classes.operatorPlayed} d={operator} />
        </g>
        <line className={classes.needle} x1={played} x2={played} y1="0" y2={HEIGHT} />
      </svg>
      <input
        className={classes.seek}
        type="range"
        min={0}
        max={ms}
        step={100}
        value={Math.min(at, ms)}
        aria-label={t("player.position")}
        aria-keyshortcuts="Space ArrowLeft ArrowRight Shift+ArrowLeft Shift+ArrowRight"
        aria-valuetext={`${duration(at)} / ${duration(ms)}`}
        onChange={(e) => {
          onSeek(Number(e.currentTarget.value));
        }}
      />
    </div>
  );
}
