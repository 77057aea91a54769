/** The parameters of every entry point, over workgroups of `size` threads in a row. */
export const entryPoint = (size: number): string => `
@compute @workgroup_size(${size})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) local: u32)`;

/** The position of this thread among all threads of the run, whatever grid they were folded into. */
export const threadIndex = (size: number): string => `i32((group.y * groups.x + group.x) * ${size}u + local)`;

/** `count` lines, one for each i. */
export function each(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('\n');
}

/** Quads (groups of four) that hold `channels` numbers. */
export const quadsOf = (channels: number): number => Math.ceil(channels / 4);

/** How rows of `channels` numbers are read: four at a time where they come in fours. */
export function element(channels: number): string {
  return channels % 4 === 0 ? 'vec4<f32>' : 'f32';
}

/** Declares load_NAME(row, quad): four neighbouring channels of a row, zero beyond the last. */
export function loader(name: string, channels: number): string {
  if (channels % 4 === 0) {
    return `fn load_${name}(row: i32, quad: i32) -> vec4<f32> { return ${name}[row * ${channels / 4} + quad]; }`;
  }
  const lanes = [0, 1, 2, 3].map((j) => {
    const read = `${name}[row * ${channels} + quad * 4 + ${j}]`;
    if (channels < 4) return j < channels ? read : '0.0';
    return `select(0.0, ${read}, quad * 4 + ${j} < ${channels})`;
  });
  return `fn load_${name}(row: i32, quad: i32) -> vec4<f32> { return vec4<f32>(${lanes.join(', ')}); }`;
}

/** Declares store_NAME(row, quad, value), the opposite of `loader`; channels beyond the last are dropped. */
export function storer(name: string, channels: number): string {
  const body =
    channels % 4 === 0
      ? `${name}[row * ${channels / 4} + quad] = value;`
      : each(
          4,
          (j) => `if (quad * 4 + ${j} < ${channels}) { ${name}[row * ${channels} + quad * 4 + ${j}] = value[${j}]; }`,
        );
  return `fn store_${name}(row: i32, quad: i32, value: vec4<f32>) { ${body} }`;
}

/** How a tile in workgroup memory holds its numbers; sums are f32 either way. */
export type TilePrecision = 'f32' | 'f16';

/** Gradients of a mean over an image lie around 1e-6, where f16 has hardly a digit left: tiles hold them times 2¹². */
export const GRADIENT_SCALE = 4096;
const MOST_F16 = 65504;

/** What stands above a shader whose tiles have a precision. */
export const enableTiles = (precision: TilePrecision): string => (precision === 'f16' ? 'enable f16;' : '');

/**
 * Declares a tile of so many quads in workgroup memory, with put_NAME(i, value) and get_NAME(i). In f16 a value is held
 * times `scale`, a power of two, and what is then beyond ±65,504 is held as that.
 */
export function tile(name: string, quads: number, precision: TilePrecision, scale = 1): string {
  if (precision === 'f32') {
    return `var<workgroup> ${name}: array<vec4<f32>, ${quads}>;
fn put_${name}(i: i32, value: vec4<f32>) { ${name}[i] = value; }
fn get_${name}(i: i32) -> vec4<f32> { return ${name}[i]; }`;
  }
  return `var<workgroup> ${name}: array<vec4<f16>, ${quads}>;
fn put_${name}(i: i32, value: vec4<f32>) {
  ${name}[i] = vec4<f16>(clamp(value * ${scale}.0, vec4<f32>(-${MOST_F16}.0), vec4<f32>(${MOST_F16}.0)));
}
fn get_${name}(i: i32) -> vec4<f32> { return vec4<f32>(${name}[i]) * ${1 / scale}; }`;
}

/** A buffer bound to a shader: `channels` numbers a row, and how many rows where that is known when the shader is written. */
export type Binding = readonly [name: string, channels: number, rows?: number];

/**
 * Declares the bindings 0, 1, … in order: inputs, then outputs, then the uniform block `p`. Where the rows are known, the
 * array has a fixed length, which spares every access the look-up of its bound.
 */
export function bindings(inputs: readonly Binding[], outputs: readonly Binding[], uniforms: string): string {
  const array = ([name, channels, rows]: Binding): string => {
    const length = rows === undefined ? '' : `, ${(rows * channels) / (channels % 4 === 0 ? 4 : 1)}`;
    return `${name}: array<${element(channels)}${length}>;`;
  };
  const lines = [
    ...inputs.map((input) => `var<storage, read> ${array(input)}`),
    ...outputs.map((output) => `var<storage, read_write> ${array(output)}`),
    'var<uniform> p: Constants;',
  ];
  return `struct Constants { ${uniforms} }\n${lines.map((line, i) => `@group(0) @binding(${i}) ${line}`).join('\n')}`;
}
