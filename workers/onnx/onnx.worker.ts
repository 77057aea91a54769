import { expose } from 'comlink';
import { InferenceSession, Tensor, env } from 'onnxruntime-web/wasm';
import runtimeUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import binaryUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { usableThreads } from '../../src/core/backend/limits.ts';
import { createOnnxApi } from './onnxApi.ts';

// Both files are this site's own, under names that change with their content.
env.wasm.wasmPaths = { mjs: runtimeUrl, wasm: binaryUrl };
env.wasm.numThreads = usableThreads(navigator.hardwareConcurrency, globalThis);
env.logLevel = 'error';

expose(createOnnxApi(async () => ({ InferenceSession, Tensor })));
