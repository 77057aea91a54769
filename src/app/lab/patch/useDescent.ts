import { useCallback, useEffect, useState } from 'react';
import type { GreyImage } from '../../../core/images/grey.ts';
import { descentStep, stepLength } from '../../../core/patch/descent.ts';
import type { DescentObjective } from '../../../core/patch/descent.ts';

export const DESCENT_STEPS = 100;

/** The estimates after every step so far, from the start on. */
export interface DescentTrack {
  readonly without: readonly GreyImage[];
  readonly withIt: readonly GreyImage[];
}

export interface Descent {
  readonly track: DescentTrack;
  /** Step on screen. */
  readonly step: number;
  readonly running: boolean;
  /** From the start, or on from the step on screen. */
  readonly play: () => void;
  readonly pause: () => void;
  readonly show: (step: number) => void;
}

/** Two descents from one start, with λ and without, one step of each a frame; forgotten when what they depend on changes. */
export function useDescent(start: GreyImage, objective: DescentObjective): Descent {
  const [track, setTrack] = useState<DescentTrack>({ without: [start], withIt: [start] });
  const [step, setStep] = useState(0);
  const [running, setRunning] = useState(false);
  const [from, setFrom] = useState({ start, objective });
  if (from.start !== start || from.objective !== objective) {
    setFrom({ start, objective });
    setTrack({ without: [start], withIt: [start] });
    setStep(0);
    setRunning(false);
  }

  useEffect(() => {
    if (!running) return;
    const frame = requestAnimationFrame(() => {
      if (step >= DESCENT_STEPS) return setRunning(false);
      if (track.without.length <= step + 1) {
        const next = (images: readonly GreyImage[], lambda: number): GreyImage[] => [
          ...images,
          descentStep(images.at(-1)!, { ...objective, lambda }, stepLength(start, objective.truth)),
        ];
        setTrack({ without: next(track.without, 0), withIt: next(track.withIt, objective.lambda) });
      }
      setStep(step + 1);
    });
    return () => cancelAnimationFrame(frame);
  }, [running, step, track, start, objective]);

  const play = useCallback(() => {
    setStep((at) => (at >= DESCENT_STEPS ? 0 : at));
    setRunning(true);
  }, []);
  const pause = useCallback(() => setRunning(false), []);
  const show = useCallback((at: number) => {
    setRunning(false);
    setStep(at);
  }, []);
  return { track, step, running, play, pause, show };
}
