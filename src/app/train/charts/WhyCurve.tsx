import { use, Suspense } from 'react';
import type { LossTerm, LossValues } from '../../../core/paper/lossTerms.ts';
import type { TrainingConfig } from '../../../core/training/config.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { formatCount, formatNumber, formatPercent, withUnit } from '../../ui/format.ts';
import { Formula, V } from '../../ui/Formula.tsx';
import { termNames } from '../run/annotations.ts';
import { curveNames, type LossCurves } from '../run/lossCurves.ts';
import { lossTermTexts } from '../run/lossTermTexts.tsx';
import { functionSource } from './functionSource.ts';
import { objectiveParts, type ObjectivePart } from './objectiveParts.ts';
import style from './WhyCurve.module.css';

/** A loss that was asked about, with all there is to know of its step. */
export interface AskedCurve {
  /** Null: the objective. */
  readonly term: LossTerm | null;
  readonly step: number;
  readonly objective: number;
  readonly losses: Partial<LossValues>;
  readonly config: TrainingConfig;
}

/** The newest step of a run, for a question about it; null before the first. */
export function askCurve(term: LossTerm | null, curves: LossCurves, config: TrainingConfig): AskedCurve | null {
  const at = curves.length - 1;
  if (at < 0) return null;
  const value = (name: (typeof curveNames)[number]): number => curves.column(name)[at]!;
  const losses = Object.fromEntries(curveNames.map((name) => [name, value(name)])) as Partial<LossValues>;
  return { term, step: curves.steps()[at]!, objective: value('objective'), losses, config };
}

/** Where a value of a loss curve comes from: its equation with this step's numbers put in, and the function that computes it. */
export function WhyCurve({ asked, onClose }: { readonly asked: AskedCurve | null; readonly onClose: () => void }) {
  const text = lossTermTexts.find(({ term }) => term === asked?.term);
  const title = text
    ? termNames[text.term] + (text.equation === null ? '' : `, equation (${text.equation})`)
    : 'Objective';
  return (
    <Dialog open={asked !== null} onClose={onClose} title={title}>
      {asked && (
        <div className={style.why}>
          {asked.term === null ? <Objective {...asked} /> : <Term {...asked} term={asked.term} />}
        </div>
      )}
    </Dialog>
  );
}

function Term({ term, step, objective, losses, config }: AskedCurve & { readonly term: LossTerm }) {
  const text = lossTermTexts.find((entry) => entry.term === term);
  const value = losses[term] ?? Number.NaN;
  const own = objectiveParts(losses, config.hyperparameters).find((part) => part.term === term);
  const { batch, crop } = config.run;
  return (
    <>
      {text && <p>{text.formula}</p>}
      {text && <p>{text.says}</p>}
      <ul className={style.steps}>
        <li>
          Step {formatCount(step)}: <b>{formatNumber(value, 3)}</b>, the mean over {batch} crops of {crop} × {crop}{' '}
          pixels in three colours.
        </li>
        <li>
          {own
            ? `In the objective: ${partWords(own)}, ${share(own.part, objective)} of ${formatNumber(objective, 3)}.`
            : 'It is not in the objective: its weight is 0, or it is switched off.'}
        </li>
      </ul>
      <Code file="losses.ts" name={`${term}Loss`} />
    </>
  );
}

function Objective({ step, objective, losses, config }: AskedCurve) {
  const parts = objectiveParts(losses, config.hyperparameters);
  const sum = parts.reduce((total, { part }) => total + part, 0);
  return (
    <>
      <p>
        <Formula spoken="sum of weight times loss over all terms">
          Σ <V>w</V> · <V>L</V>
        </Formula>
      </p>
      <p>What each step reduces: the sum of all terms, each times its weight.</p>
      <table className={style.parts}>
        <thead>
          <tr>
            <th scope="col">Term</th>
            <th scope="col">weight · value</th>
            <th scope="col">share</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((own) => (
            <tr key={own.term}>
              <th scope="row">{termNames[own.term]}</th>
              <td>{partWords(own)}</td>
              <td>{share(own.part, sum)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        Step {formatCount(step)}: the sum is {formatNumber(sum, 3)}
        {Math.abs(sum - objective) > 0.005 * objective
          ? `; the curve has ${formatNumber(objective, 3)}, with the weights before the last change.`
          : ', the value of the curve.'}
      </p>
      <Code file="lossTerms.ts" name="weightOf" />
    </>
  );
}

function partWords({ weight, value, part }: ObjectivePart): string {
  return `${formatNumber(weight, 3)} · ${formatNumber(value, 3)} = ${formatNumber(part, 3)}`;
}

function share(part: number, of: number): string {
  return part > 0 && part < 0.01 * of ? withUnit('< 1', '%') : formatPercent(part / of);
}

const files = {
  'losses.ts': () => import('../../../core/paper/losses.ts?raw'),
  'lossTerms.ts': () => import('../../../core/paper/lossTerms.ts?raw'),
};
const opened = new Map<string, Promise<string>>();

function readSource(file: keyof typeof files): Promise<string> {
  let source = opened.get(file);
  if (!source)
    opened.set(
      file,
      (source = files[file]()
        .then((module) => module.default)
        .catch(() => '')),
    );
  return source;
}

interface CodeProps {
  readonly file: keyof typeof files;
  readonly name: string;
}

/** The function in the code, to be folded out. */
function Code({ file, name }: CodeProps) {
  return (
    <details className={style.code}>
      <summary>
        In the code: <code>{name}</code> in <code>src/core/paper/{file}</code>
      </summary>
      <Suspense fallback={<p>Opening …</p>}>
        <Source file={file} name={name} />
      </Suspense>
    </details>
  );
}

function Source({ file, name }: CodeProps) {
  const source = functionSource(use(readSource(file)), name);
  return source ? (
    // Focusable so that the keyboard can scroll it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={style.source} tabIndex={0} aria-label={`Code of ${name}`}>
      {source}
    </pre>
  ) : (
    <p>The file could not be opened.</p>
  );
}
