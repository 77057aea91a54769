import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../testing/nodeOnnx.ts';
import { createOnnxApi } from './onnxApi.ts';

const image = { data: Float32Array.of(1, 2), dims: [2] };

describe('the worker of an ONNX model', () => {
  it('rejects a run before a model was opened, and after one was refused', async () => {
    const api = createOnnxApi(nodeRuntime);
    await expect(api.run('x', image, 'y')).rejects.toThrow('No ONNX model was opened.');
    expect(await api.open(new Uint8Array(64))).toMatchObject({ refused: true });
    await expect(api.run('x', image, 'y')).rejects.toThrow('No ONNX model was opened.');
  });

  it('hands out a copy of an output that lies in the runtime’s own memory, which stays', async () => {
    const memory = new Float32Array(16).fill(7);
    const output = memory.subarray(4, 6);
    const { Tensor } = await nodeRuntime();
    const api = createOnnxApi(async () => ({
      Tensor,
      InferenceSession: {
        create: async () => ({ run: async () => ({ y: { data: output, dims: [2] } }), release: async () => undefined }),
      },
    }));
    await api.open(new Uint8Array(1));
    const answer = await api.run('x', image, 'y');
    if ('refused' in answer) throw new Error(answer.reason);
    structuredClone(answer.data, { transfer: [answer.data.buffer as ArrayBuffer] });
    expect([memory.length, ...output]).toEqual([16, 7, 7]);
  });
});
