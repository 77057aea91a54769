import type { ScalingFigure } from './protocol.ts';
import { ourStep, stepFlops } from './steps.ts';
import type { StepSize } from './steps.ts';
import { timed } from './timing.ts';

const sizes = [
  [32, 16],
  [48, 16],
  [64, 16],
  [96, 16],
  [48, 32],
  [48, 64],
] as const;

/** How our step's cost grows on the current backend: one block, batch 2, over crop and filters. */
export async function scalingFigures(say: (text: string) => void): Promise<ScalingFigure[]> {
  const figures: ScalingFigure[] = [];
  for (const [crop, filters] of sizes) {
    const size: StepSize = { blocks: 1, filters: [filters, filters, filters], batch: 2, crop };
    const step = ourStep(size);
    await step.run();
    const milliseconds = await timed(() => step.run());
    step.dispose();
    figures.push({ crop, filters, milliseconds, gigaflops: stepFlops(size) / milliseconds / 1e6 });
    say(`crop ${crop}, ${filters} filters: ${milliseconds.toFixed(0)} ms`);
  }
  return figures;
}
