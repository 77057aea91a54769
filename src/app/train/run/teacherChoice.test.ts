import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { presets } from '../../../core/training/config.ts';
import { currentConfig, replaceConfig } from './currentSettings.ts';
import { chooseTeacher, openTeacher, readTeacher, useTeacherFiles } from './teacherChoice.ts';

beforeEach(() => {
  vi.stubGlobal('location', { hash: '#/train' });
  vi.stubGlobal('history', { replaceState: () => undefined });
  useTeacherFiles.setState({ files: [] });
  replaceConfig(presets.quick);
});
afterEach(() => vi.unstubAllGlobals());

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
