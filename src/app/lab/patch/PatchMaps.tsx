import type { ReactNode } from 'react';
import { greyMagnitude, greyPeak, greyPixels } from '../../../core/images/grey.ts';
import type { GreyImage } from '../../../core/images/grey.ts';
import type { PatchEvaluation } from '../../../core/patch/patchLosses.ts';
import { formatNumber } from '../../ui/format.ts';
import { V } from '../../ui/Formula.tsx';
import { PixelCanvas } from '../../ui/PixelCanvas.tsx';
import style from './PatchLab.module.css';
import panel from './panel.module.css';

export interface PatchMapsProps {
  readonly truth: GreyImage;
  readonly estimate: GreyImage;
  readonly evaluation: PatchEvaluation;
  /** Of an empty estimate: its strongest responses are white, so that the maps are as comparable as the bars. */
  readonly empty: PatchEvaluation;
}

/** The patch, its estimate, and where in it the losses arise. The two maps of (5) share one scale. */
export function PatchMaps({ truth, estimate, evaluation, empty }: PatchMapsProps) {
  const { difference, parallel, perpendicular } = evaluation;
  const white = Math.max(greyPeak(truth), 1e-3);
  const strongest = Math.max(greyPeak(empty.parallel), greyPeak(empty.perpendicular), 1e-3);
  return (
    <ul className={style.maps}>
      <Map image={truth} white={white} words="True rain">
        <V of="gt">z</V>
      </Map>
      <Map image={clipped(estimate)} white={white} words="Estimate">
        <V>z</V>
      </Map>
      <Map image={difference} white={white} words="Difference">
        |<V>z</V> − <V of="gt">z</V>|
      </Map>
      <Map image={parallel} white={strongest} words="Along the label">
        |<V of="∥">k</V> ⊗ (<V>z</V> − <V of="gt">z</V>)|
      </Map>
      <Map image={perpendicular} white={strongest} words="Across the label">
        |<V of="⊥">k</V> ⊗ (<V>z</V> − <V of="gt">z</V>)|
      </Map>
    </ul>
  );
}

/** An estimate may be darker than black; shown as black. */
function clipped(image: GreyImage): GreyImage {
  return { ...image, values: image.values.map((value) => Math.max(0, value)) };
}

interface MapProps {
  readonly image: GreyImage;
  /** Shown as white. */
  readonly white: number;
  readonly words: string;
  readonly children: ReactNode;
}

function Map({ image, white, words, children }: MapProps) {
  const mean = formatNumber(greyMagnitude(image), 3);
  return (
    <li className={style.map}>
      <PixelCanvas pixels={greyPixels(image, white)} label={`${words}, mean ${mean}`} className={style.pixels} />
      <span className={style.mapName}>{words}</span>
      <span className={style.symbol} aria-hidden="true">
        {children}
      </span>
      <span className={`${panel.hint} ${style.mean}`} aria-hidden="true">
        mean {mean}, white {formatNumber(white, 2)}
      </span>
    </li>
  );
}
