import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { importModel } from '../../../../workers/derainer/importModel.ts';
import { architectureNamed } from '../../../core/architectures/registry.ts';
import { asPublished } from '../../../core/architectures/testing/publishedFile.ts';
import { randomFromSeed } from '../../../core/random.ts';
import { presets } from '../../../core/training/config.ts';
import { legacyPytorchFile } from '../../../core/weights/foreign/sampleFiles.ts';
import { decodeModel } from '../../../core/weights/modelFile.ts';
import { useModelQuestion } from '../../models/importModelFiles.ts';
import { useNotices } from '../../ui/notices.ts';
import { currentConfig, replaceConfig } from './currentSettings.ts';
import { chooseTeacher, importTeacher, openTeacher, readTeacher, useTeacherFiles } from './teacherChoice.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }); // the address is written once more later
  vi.stubGlobal('location', { hash: '#/train' });
  vi.stubGlobal('history', { replaceState: () => undefined });
  useTeacherFiles.setState({ files: [] });
  replaceConfig(presets.quick);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a chosen teacher is in the address, and the student alone learns until it is trained here again', () => {
  chooseTeacher('shipped:broad-teacher');
  expect(currentConfig()).toMatchObject({ teacher: 'shipped:broad-teacher', hyperparameters: { mode: 'student' } });
  chooseTeacher(null);
  expect(currentConfig()).toEqual(presets.quick);
});

test('files from the disk teach for this visit', async () => {
  const files = [new File(['index'], 'ddn.index'), new File(['data'], 'ddn.data-00000-of-00001')];
  openTeacher(files);
  expect(currentConfig().teacher).toBe('opened:ddn.index');
  expect(await readTeacher(currentConfig())).toBe(files);
  useTeacherFiles.setState({ files: [] });
  expect(await readTeacher(currentConfig())).toMatchObject({
    refused: true,
    reason: 'The teacher ddn.index was opened in another visit.',
  });
  expect(await readTeacher(presets.quick)).toBeUndefined();
});

test('a file that fits two networks teaches as the one that is chosen, and an ONNX model not at all', async () => {
  const { ofSize, init, weights } = architectureNamed('prenet');
  const shape = ofSize({ blocks: 2, filters: 2, imageSkip: true });
  const bytes = legacyPytorchFile(asPublished(weights(shape), init(shape, randomFromSeed(1))));
  const stop = useModelQuestion.subscribe(({ question }) => {
    if (question?.kind === 'network') question.answer(question.readings[1]!);
  });
  await importTeacher({ importModel }, [new File([new Uint8Array(bytes)], 'net_latest.pth')]);
  stop();
  expect(currentConfig().teacher).toBe('opened:PReNet (real) · net_latest.safetensors');
  const [file] = (await readTeacher(currentConfig())) as readonly Blob[];
  const model = decodeModel(new Uint8Array(await file!.arrayBuffer()));
  expect(model).toMatchObject({ role: 'student', shape: { architecture: 'prenet-real' } });

  await importTeacher({ importModel }, [new File(['any'], 'restormer.onnx')]);
  expect(JSON.stringify(useNotices.getState())).toContain('An ONNX model cannot teach');
  expect(currentConfig().teacher).toContain('net_latest');
});
