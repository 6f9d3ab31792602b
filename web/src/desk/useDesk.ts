import { useEffect, useMemo, useReducer, useState } from "react";
import { makeLine } from "./line";
import { reduce, START, type Desk } from "./machine";
import type { Sound } from "./sound";
import type { ChosenState, ClientFrame, Colleague, Dialled } from "./wire";

export interface Commands {
  choose: (state: ChosenState) => void;
  accept: (call: string) => void;
  decline: (call: string) => void;
  hold: (call: string, on: boolean) => void;
  mute: (call: string, on: boolean) => void;
  digit: (call: string, digit: string) => void;
  consult: (call: string, to: Colleague) => void;
  transfer: (call: string, to: Colleague) => void;
  handOver: (call: string) => void;
  backToCaller: (call: string) => void;
  together: (call: string, on: boolean) => void;
  hangUp: (call: string) => void;
  callBack: (call: string) => void;
  callTask: (task: string, dialled: Dialled) => void;
  free: (call: string) => void;
  testSound: () => void;
  dismiss: () => void;
  takeBack: () => void;
}

/** The live desk: its state, and what the operator can do. */
export function useDesk(microphone: MediaStream | null): {
  desk: Desk;
  commands: Commands;
  sound: Sound;
} {
  const [desk, happened] = useReducer(reduce, START);
  const [line] = useState(() => makeLine(happened));

  useEffect(() => {
    line.socket.open();
    const changed = () => {
      line.socket.probe();
      line.sound.networkChanged();
    };
    window.addEventListener("online", changed);
    return () => {
      window.removeEventListener("online", changed);
      line.socket.close();
      line.sound.lost();
    };
  }, [line]);

  useEffect(() => {
    if (microphone) line.sound.speakThrough(microphone);
  }, [line, microphone]);

  const commands = useMemo((): Commands => {
    const send = (frame: ClientFrame) => line.socket.send(frame);
    const ask = (whom: string, frame: ClientFrame) => {
      if (send(frame)) happened({ from: "operator", did: "asked", whom });
    };
    return {
      choose: (state) => {
        send({ type: "state", state });
      },
      accept: (call) => {
        send({ type: "accept", call });
      },
      decline: (call) => {
        send({ type: "decline", call });
      },
      hold: (call, on) => {
        send({ type: "hold", call, on });
      },
      mute: (call, on) => {
        line.sound.mute(on);
        send({ type: "mute", call, on });
      },
      digit: (call, digit) => {
        send({ type: "digit", call, digit });
      },
      consult: (call, to) => {
        send({ type: "consult", call, to });
      },
      transfer: (call, to) => {
        send({ type: "transfer", call, to });
      },
      handOver: (call) => {
        send({ type: "hand_over", call });
      },
      backToCaller: (call) => {
        send({ type: "take_back", call });
      },
      together: (call, on) => {
        send({ type: "together", call, on });
      },
      hangUp: (call) => {
        send({ type: "hang_up", call });
      },
      callBack: (call) => {
        ask(call, { type: "call_back", call });
      },
      callTask: (task, dialled) => {
        ask(task, { type: "call_task", task, dialled });
      },
      free: (call) => {
        send({ type: "wrap_up_done", call });
      },
      testSound: () => {
        send({ type: "sound_test" });
      },
      dismiss: () => {
        happened({ from: "operator", did: "dismissed" });
      },
      takeBack: () => {
        line.socket.again();
      },
    };
  }, [line]);

  return { desk, commands, sound: line.sound };
}
