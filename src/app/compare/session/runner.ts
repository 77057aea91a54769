import type { DerainerApi } from '../../../protocol/derainer.ts';
import type { CompareEffect, CompareEvent } from '../run/reduce.ts';
import type { ComparedImage } from '../run/state.ts';
import { accepted, errorWords } from './callErrors.ts';
import { Deraining } from './deraining.ts';
import type { DerainingOptions } from './deraining.ts';

export interface RunnerOptions extends DerainingOptions {
  readonly worker: DerainingOptions['worker'] & Pick<DerainerApi, 'evaluate'>;
  readonly offerUndo: (image: ComparedImage, at: number) => void;
}

type EffectOf<Type extends CompareEffect['type']> = Extract<CompareEffect, { readonly type: Type }>;

/** Carries out what follows from events, and tells what came of it. */
export function createRunner(options: RunnerOptions): (effect: CompareEffect) => void {
  const { dispatch, offerUndo } = options;
  const deraining = new Deraining(options);
  return (effect) => {
    switch (effect.type) {
      case 'derain':
        deraining.derain(effect).catch((error: unknown) => {
          deraining.forget();
          dispatch({ type: 'derainFailed', run: effect.run, error: errorWords(error) });
        });
        break;
      case 'evaluate':
        evaluate(options, effect).then(dispatch, (error: unknown) =>
          dispatch({ type: 'evaluationFailed', run: effect.run, error: errorWords(error) }),
        );
        break;
      case 'cancelDerain':
        deraining.cancel();
        break;
      case 'offerUndo':
        offerUndo(effect.image, effect.at);
        break;
      default:
        effect satisfies never;
    }
  };
}

/** The figures of an image; of the rain map only where the derainer estimates one. Throws a CallError. */
async function evaluate(
  { worker }: RunnerOptions,
  { run, image, output, rainMap, model }: EffectOf<'evaluate'>,
): Promise<CompareEvent> {
  const summary = model === null ? null : await worker.prepareModel(model);
  const hasOwnMap = summary?.refused === false && (summary.role === 'teacher' || summary.estimatesRain === true);
  const { file, truth } = image;
  const request = { rainy: file, output, rainMap: hasOwnMap ? rainMap : null, truth };
  const { rows } = accepted(await worker.evaluate(request));
  return { type: 'evaluated', run, rows };
}
