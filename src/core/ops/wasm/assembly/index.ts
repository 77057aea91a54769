/**
 * The kernels that tfjs calls. Each writes a task into the control block and has the threads perform it, one pass after
 * another. Pointers are byte addresses in tfjs' memory, 0 for an absent tensor; `scratch` is room of the size that the
 * function named `…ScratchBytes` asks for.
 */
import { adamChunks } from './adam';
import { filterRowChunks, packedBytes, tileChunks } from './convolve';
import { countPartials, partialBytes } from './filterGradient';
import { perform, taskOf } from './pool';
import { Adam, Convolution, CONVOLVE, GATHER_FILTER_GRADIENT, REDUCE_FILTER_GRADIENT, TRANSFORM_FILTER, UPDATE_ADAM } from './task';
import { threadScratchBytes } from './tiles';

export { CONTROL_BYTES, dismiss, serve } from './pool';
export { copyColumns, copySlice } from './slice';

/** Scratch of `conv3x3`; also of `conv3x3InputGrad` with its channels swapped. */
export function conv3x3ScratchBytes(cin: i32, cout: i32, threads: i32): usize {
  return packedBytes(cin, cout) + <usize>threads * threadScratchBytes(cin, cout);
}

/** y = act(x ∗ w + b [+ skip]). */
export function conv3x3(control: usize, scratch: usize, x: usize, filter: usize, bias: usize, skip: usize, y: usize, n: i32, h: i32, w: i32, cin: i32, cout: i32, relu: i32): void {
  const task = changetype<Convolution>(taskOf(control));
  shape(task, n, h, w, cin, cout);
  task.input = x, task.mask = 0, task.filter = filter, task.bias = bias, task.skip = skip, task.output = y;
  task.relu = relu, task.rotated = 0;
  convolve(control, task, scratch);
}

/** dx of the above: dy [n,h,w,cout] where y (if given) is positive, convolved with the rotated filter. */
export function conv3x3InputGrad(control: usize, scratch: usize, dy: usize, filter: usize, y: usize, dx: usize, n: i32, h: i32, w: i32, cin: i32, cout: i32): void {
  const task = changetype<Convolution>(taskOf(control));
  shape(task, n, h, w, cout, cin);
  task.input = dy, task.mask = y, task.filter = filter, task.bias = 0, task.skip = 0, task.output = dx;
  task.relu = 0, task.rotated = 1;
  convolve(control, task, scratch);
}

function convolve(control: usize, task: Convolution, scratch: usize): void {
  task.packed = scratch;
  task.scratch = scratch + packedBytes(task.cin, task.cout);
  task.threadBytes = threadScratchBytes(task.cin, task.cout);
  task.kind = TRANSFORM_FILTER;
  perform(control, filterRowChunks(task.cin));
  task.kind = CONVOLVE;
  perform(control, tileChunks(task));
}

export function conv3x3FilterGradScratchBytes(n: i32, h: i32, w: i32, cin: i32, cout: i32, threads: i32): usize {
  return <usize>countPartials(n, h, w) * partialBytes(cin, cout) + <usize>threads * threadScratchBytes(cin, cout);
}

/** dw and db of `conv3x3`, dy counting only where y (if given) is positive. */
export function conv3x3FilterGrad(control: usize, scratch: usize, x: usize, dy: usize, y: usize, dw: usize, db: usize, n: i32, h: i32, w: i32, cin: i32, cout: i32): void {
  const task = changetype<Convolution>(taskOf(control));
  shape(task, n, h, w, cin, cout);
  task.input = x, task.mask = y, task.filter = dw, task.bias = db, task.skip = 0, task.output = dy;
  task.partials = countPartials(n, h, w);
  task.packed = scratch;
  task.scratch = scratch + <usize>task.partials * partialBytes(cin, cout);
  task.threadBytes = threadScratchBytes(cin, cout);
  task.kind = GATHER_FILTER_GRADIENT;
  perform(control, task.partials);
  task.kind = REDUCE_FILTER_GRADIENT;
  perform(control, filterRowChunks(cin));
}

function shape(task: Convolution, n: i32, h: i32, w: i32, cin: i32, cout: i32): void {
  task.n = n, task.h = h, task.w = w, task.cin = cin, task.cout = cout;
}

/** One Adam update with the moving average; see `adam.ts`. The corrections are 1 − βᵗ. */
export function adamUpdate(
  control: usize, w: usize, gradient: usize, m: usize, v: usize, average: usize,
  newW: usize, newM: usize, newV: usize, newAverage: usize, size: i32,
  beta1: f32, beta2: f32, rate: f32, epsilon: f32, correction1: f32, correction2: f32, averageDecay: f32,
): void {
  const task = changetype<Adam>(taskOf(control));
  task.kind = UPDATE_ADAM;
  task.size = size;
  task.w = w, task.gradient = gradient, task.m = m, task.v = v, task.average = average;
  task.newW = newW, task.newM = newM, task.newV = newV, task.newAverage = newAverage;
  task.beta1 = beta1, task.beta2 = beta2, task.rate = rate, task.epsilon = epsilon;
  task.correction1 = correction1, task.correction2 = correction2, task.averageDecay = averageDecay;
  perform(control, adamChunks(size));
}
