import type { Footprint, WeightShape } from './architecture.ts';
import type { ConvolutionOptions, Graph } from './graph.ts';

/** Numbers of a weight at first: normally distributed, around 0 except for a filter's middle tap where that is given, or all the same. */
export type Initial =
  { readonly deviation: number; readonly middle?: ConvolutionOptions['middle'] } | { readonly value: number };

/** A weight as a graph asks for it. */
export interface TracedWeight extends WeightShape {
  readonly initial: Initial;
  /** In files of its authors it belongs to a transposed convolution. */
  readonly transposed: boolean;
}

/** What a graph says of itself. */
export interface Trace {
  readonly weights: readonly TracedWeight[];
  /** Multiply-adds of its convolutions per pixel of the image. */
  readonly multiplyAdds: number;
  /** Pixels that an output pixel sees in each direction, at most; Infinity where statistics of the image take part. */
  readonly radius: number;
  readonly footprint: Footprint;
}

/** A value in description: so many channels at 1/shrink of the image's size. */
interface Traced {
  readonly channels: number;
  readonly shrink: number;
  readonly radius: number;
}

/** Describes a network without computing anything. */
export function traceGraph(network: (g: Graph<Traced>, x: Traced) => Traced): Trace {
  const tracer = new Tracer();
  const image = tracer.made({ channels: 3, shrink: 1, radius: 0 });
  const { radius } = network(tracer, image);
  const { weights, multiplyAdds, wholeImage, kept, widest, peak } = tracer;
  return {
    weights: [...weights.values()],
    multiplyAdds,
    radius: wholeImage ? Infinity : Math.ceil(radius),
    footprint: { alive: Math.ceil(peak), kept: Math.ceil(kept), widest: Math.ceil(widest) },
  };
}

class Tracer implements Graph<Traced> {
  readonly weights = new Map<string, TracedWeight>();
  multiplyAdds = 0;
  wholeImage = false;
  /** Numbers per pixel: of everything made, of the largest value, alive now, alive at most. */
  kept = 0;
  widest = 0;
  peak = 0;
  private alive = 0;

  made(value: Traced): Traced {
    const numbers = size(value);
    this.kept += numbers;
    this.widest = Math.max(this.widest, numbers);
    this.alive += numbers;
    this.peak = Math.max(this.peak, this.alive);
    return value;
  }

  convolution: Graph<Traced>['convolution'] = (name, x, filters, options = {}) => {
    const { size: side = 3, dilation = 1, groups = 1, bias = true, transposed = false, scale = 1 } = options;
    const { relu = false, padding = 'same', middle } = options;
    const cin = x.channels / groups;
    const initial = { deviation: scale * Math.sqrt(2 / (side * side * cin)), ...(middle && { middle }) };
    this.weight({ name: `${name}.weight`, shape: [side, side, cin, filters], initial, transposed });
    if (bias) this.plain(`${name}.bias`, filters, 0);
    if (side === 3 && padding === 'same') return this.convolved(x, side, cin, filters, dilation);
    return this.scope(() => {
      const y = this.convolved(x, side, cin, filters, dilation);
      if (bias) this.made(y);
      return relu ? this.made({ ...y }) : y;
    });
  };

  normalization: Graph<Traced>['normalization'] = (name, x, { statistics, initialScale = 1 }) => {
    this.plain(`${name}.weight`, x.channels, initialScale);
    this.plain(`${name}.bias`, x.channels, 0);
    if (statistics === 'image') {
      this.wholeImage = true;
    } else {
      this.plain(`${name}.running_mean`, x.channels, 0, true);
      this.plain(`${name}.running_var`, x.channels, 1, true);
    }
    this.made(x); // the centred or divided image in between
    return this.made({ ...x });
  };

  dictionary: Graph<Traced>['dictionary'] = (name, x, filters, options) => {
    const { size: side, adjoint = false, initial: given = { scale: 1 } } = options;
    const [cin, cout] = adjoint ? [filters, x.channels] : [x.channels, filters];
    const he = Math.sqrt(2 / (side * side * cin));
    const initial = 'scale' in given ? { deviation: given.scale * he } : given;
    this.weight({ name, shape: [side, side, cin, cout], initial, transposed: false });
    return this.convolved(x, side, x.channels, filters, 1);
  };

  minusWeight: Graph<Traced>['minusWeight'] = (name, x, initial, { channels = false } = {}) => {
    this.plain(name, channels ? x.channels : 1, initial);
    return this.made({ ...x });
  };

  timesWeight: Graph<Traced>['timesWeight'] = (name, x, initial, { count }) => {
    this.plain(name, count, initial);
    return this.made({ ...x });
  };

  relu = (x: Traced): Traced => this.made({ ...x });
  leakyRelu = (x: Traced): Traced => this.made(this.made({ ...x }));
  sigmoid = (x: Traced): Traced => this.made({ ...x });
  tanh = (x: Traced): Traced => this.made({ ...x });
  linear = (x: Traced): Traced => this.made({ ...x });
  add = (a: Traced, b: Traced): Traced => this.joined(a, b);
  subtract = (a: Traced, b: Traced): Traced => this.joined(a, b);
  multiply = (a: Traced, b: Traced): Traced => this.joined(a, b);
  mix = (x: Traced, matrix: readonly (readonly number[])[]): Traced => this.made({ ...x, channels: matrix[0]!.length });
  concat = (...values: Traced[]): Traced => {
    const channels = values.reduce((sum, value) => sum + value.channels, 0);
    return this.made({ ...values[0]!, channels, radius: Math.max(...values.map(({ radius }) => radius)) });
  };
  channels = (x: Traced, _first: number, count: number): Traced => this.made({ ...x, channels: count });
  constant = (x: Traced, channels: number): Traced => this.made({ channels, shrink: x.shrink, radius: 0 });
  halve = (x: Traced): Traced => this.made({ ...x, shrink: 2 * x.shrink, radius: x.radius + x.shrink });
  double = (x: Traced): Traced => this.made({ ...x, shrink: x.shrink / 2, radius: x.radius + x.shrink / 2 });
  extend = (x: Traced): Traced => this.made({ ...x });
  extendToMultiple = (x: Traced): Traced => this.made({ ...x });
  crop = (x: Traced): Traced => this.made({ ...x });
  cropLike = (x: Traced): Traced => this.made({ ...x });

  guidedFilter: Graph<Traced>['guidedFilter'] = (x, radius, _epsilon, step = 1) => {
    if (step > 1) this.wholeImage = true; // the grid of its steps depends on the image's size
    for (let i = 0; i < 8; i++) this.made(x);
    return this.made({ ...x, radius: x.radius + 2 * radius });
  };

  scope: Graph<Traced>['scope'] = (compute) => {
    const before = this.alive;
    const result = compute();
    const results = Array.isArray(result) ? (result as readonly Traced[]) : [result as Traced];
    this.alive = before + results.reduce((sum, value) => sum + size(value), 0);
    return result;
  };

  private convolved(x: Traced, side: number, cin: number, filters: number, dilation: number): Traced {
    this.multiplyAdds += (side * side * cin * filters) / x.shrink ** 2;
    if (dilation > 1) for (let i = 0; i < 2; i++) this.made({ ...x, channels: x.channels + filters }); // phases
    const reach = Math.ceil((side - 1) / 2) * dilation * x.shrink;
    return this.made({ channels: filters, shrink: x.shrink, radius: x.radius + reach });
  }

  private joined(a: Traced, b: Traced): Traced {
    return this.made({ ...a, radius: Math.max(a.radius, b.radius) });
  }

  private plain(name: string, length: number, value: number, stored = false): void {
    this.weight({ name, shape: [length], initial: { value }, transposed: false, ...(stored && { stored }) });
  }

  /** Weights may be used more than once, in the same shape. */
  private weight(weight: TracedWeight): void {
    const known = this.weights.get(weight.name);
    if (!known) this.weights.set(weight.name, weight);
    else if (known.shape.join() !== weight.shape.join())
      throw new Error(`The weight ${weight.name} is used as [${known.shape}] and as [${weight.shape}].`);
  }
}

/** Numbers per pixel of the image. */
function size({ channels, shrink }: Traced): number {
  return channels / shrink ** 2;
}
