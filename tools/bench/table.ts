import type { BenchReport } from './report.ts';
import type { ScalingFigure } from './protocol.ts';

/** The report as a table in Markdown. */
export function table(report: BenchReport): string {
  const { blocks, filters, batch, crop } = report.size;
  const rows: (readonly [string, string])[] = [
    ['machine', report.machine],
    ['date', report.date],
    ['step', `B ${blocks}, f ${filters.join('/')}, batch ${batch}, crop ${crop}`],
    ...webgpuRows(report),
    ...wasmRows(report),
  ];
  return ['| what | measured |', '|---|---|', ...rows.map(([what, value]) => `| ${what} | ${value} |`)].join('\n');
}

const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
const times = (value: number): string => `${value.toFixed(1)} ×`;
const gigaflops = (value: number): string => `${value.toPrecision(3)} GFLOP/s`;

function webgpuRows({ webgpu, paper }: BenchReport): (readonly [string, string])[] {
  if (!webgpu) return [];
  const kernels = Object.entries(webgpu.kernels).map(
    ([name, { gigaflops: speed, share }]) =>
      [`WebGPU ${name}`, `${gigaflops(speed)}, ${(100 * share).toFixed(0)} % of the matrix product`] as const,
  );
  return [
    ['WebGPU adapter', webgpu.adapter],
    [
      'WebGPU variants',
      Object.entries(webgpu.variants)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
    ['WebGPU step, ours', `${ms(webgpu.stepMs)}, ${gigaflops(webgpu.stepGflops)}, ${webgpu.dispatches} dispatches`],
    ['WebGPU step, stock tfjs', `${ms(webgpu.stockStepMs)}, ${webgpu.stockDispatches} dispatches`],
    ['**WebGPU step, ours against stock**', `**${times(webgpu.stepRatio)}**`],
    ['WebGPU bytes allocated after a step', `${(webgpu.peakBytes / 2 ** 20).toFixed(0)} MiB`],
    ['WebGPU inference', `${ms(webgpu.inferMs)}, ${times(webgpu.inferRatioStock)} stock`],
    ['dense matrix product, tfjs', gigaflops(webgpu.matmulGigaflops)],
    ...kernels,
    ...scalingRows('WebGPU', webgpu.scaling),
    ['**dispatches of a step at paper size**', `**${paper!.dispatches}**`],
    [
      `bytes allocated by a step at paper size, batch 12 in ${paper!.microBatches} parts`,
      `${(paper!.bytes / 1e9).toFixed(2)} GB`,
    ],
  ];
}

function scalingRows(backend: string, figures: readonly ScalingFigure[]): (readonly [string, string])[] {
  return figures.map(
    ({ crop, filters, milliseconds, gigaflops: speed }) =>
      [
        `${backend} step, B 1, batch 2, crop ${crop}, f ${filters}`,
        `${ms(milliseconds)}, ${gigaflops(speed)}`,
      ] as const,
  );
}

function wasmRows({ wasm }: BenchReport): (readonly [string, string])[] {
  if (!wasm) return [];
  return [
    ['WASM step, ours', `${ms(wasm.stepMs)}, ${gigaflops(wasm.stepGflops)}, ${wasm.threads} threads`],
    ['WebGL step, stock tfjs', ms(wasm.stockWebglStepMs)],
    ['**WASM step, ours against stock WebGL**', `**${times(wasm.stepRatio)}**`],
    ...(wasm.torch && wasm.stepRatioTorch
      ? ([
          [
            'PyTorch step',
            `${ms(wasm.torch.stepMs)}, ${gigaflops(wasm.torch.stepGflops)}, ${wasm.torch.threads} threads`,
          ],
          ['**WASM step, ours against PyTorch**', `**${wasm.stepRatioTorch.toFixed(2)} ×**`],
        ] as const)
      : []),
    ...scalingRows('WASM', wasm.scaling),
    ['WASM inference, ours', `${ms(wasm.inferMs)}, ${gigaflops(wasm.inferGflops)}`],
    ['WASM inference, stock tfjs', ms(wasm.stockInferMs)],
    ['WASM inference, onnxruntime-web', ms(wasm.ortInferMs)],
    ['**WASM inference, onnxruntime-web against ours**', `**${wasm.inferRatioOrt.toFixed(2)} ×**`],
  ];
}
