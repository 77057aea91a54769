import { describe, expect, it } from 'vitest';
import { modelPath, readModel } from './modelPath.ts';

describe('a model on the command line', () => {
  it('is a file, or a published network and its file', () => {
    expect(modelPath('runs/a/student.safetensors')).toEqual({ path: 'runs/a/student.safetensors' });
    expect(modelPath('prenet-real=x/PReNet2.pth')).toEqual({
      path: 'x/PReNet2.pth',
      wanted: { architecture: 'prenet-real' },
    });
    expect(modelPath('umrl:stored=net.pth')).toEqual({
      path: 'net.pth',
      wanted: { architecture: 'umrl', choice: 'stored' },
    });
    expect(modelPath('seed=5.safetensors')).toEqual({ path: 'seed=5.safetensors' });
  });

  it('is named when it cannot be read', async () => {
    await expect(readModel({ path: '/nowhere/model.pth' })).rejects.toThrow('/nowhere/model.pth');
    await expect(readModel({ path: '/nowhere/model.index' })).rejects.toThrow('/nowhere/model.index');
  });
});
