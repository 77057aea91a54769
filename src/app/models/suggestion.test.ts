import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelChoice } from './registry.ts';
import { noteSpeed, suggestStudent, useStudentSpeeds } from './suggestion.ts';

const choice = (id: string, role: ModelChoice['role'] = 'student'): ModelChoice => ({
  id,
  title: id,
  role,
  parameters: 1,
  about: null,
  stored: null,
});
const models = [
  choice('shipped:teacher', 'teacher'),
  ...['shipped:broad', 'shipped:swift', 'mine:1'].map((id) => choice(id)),
];
const suggested = (backend = 'auto') => suggestStudent(models, backend, useStudentSpeeds.getState().seconds);

beforeEach(() => useStudentSpeeds.setState({ seconds: {} }));

describe('the student to begin with', () => {
  it('is the best one until it is known to be slow here', () => {
    expect(suggested()).toMatchObject({ model: { id: 'shipped:broad' }, insteadOf: null });
    noteSpeed('shipped:broad', 'auto', 60, false);
    expect(suggested().model!.id).toBe('shipped:broad');
  });

  it('is a lighter one where 12 megapixels take longer than a minute, and says why', () => {
    noteSpeed('shipped:broad', 'auto', 61, false);
    expect(suggested()).toMatchObject({
      model: { id: 'shipped:swift' },
      insteadOf: { model: { id: 'shipped:broad' }, seconds: 61 },
    });
    expect(suggested('webgpu').model!.id, 'another backend is another matter').toBe('shipped:broad');
  });

  it('does not waver: only a measurement that was asked for replaces another', () => {
    noteSpeed('shipped:broad', 'auto', 200, false);
    noteSpeed('shipped:broad', 'auto', 20, false);
    expect(suggested().model!.id).toBe('shipped:swift');
    noteSpeed('shipped:broad', 'auto', 20, true);
    expect(suggested().model!.id).toBe('shipped:broad');
  });

  it('is one’s own where none is bundled, and none where there is none', () => {
    expect(suggestStudent([choice('mine:2'), choice('mine:1')], 'auto', {}).model!.id).toBe('mine:2');
    expect(suggestStudent([choice('shipped:broad')], 'auto', { 'auto shipped:broad': 900 }).model!.id).toBe(
      'shipped:broad',
    );
    expect(suggestStudent(null, 'auto', {}).model).toBeNull();
  });
});
