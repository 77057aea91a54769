/**
 * Puts a trained model among those that ship with the page: its file in half precision into public/students, and its size into the
 * list there. A model that is new to the list also needs its sentence there (`about`) and a card beside the file; a test
 * compares both with the file.
 *
 *   npm run ship -- --model runs/teacher/teacher.safetensors --name broad-teacher [--title Broad]
 *   npm run ship -- --model runs/long/student.safetensors runs/start/student.safetensors [--shares=0.8,0.2] --name broad
 *
 * Of several students of one shape, which are stages of one training, the mean of their weights ships, by shares if they are given; a share
 * below 0 goes on in the direction from that stage to the others.
 *
 * With `--compared` into public/compared, among what ships for comparison only: published systems in a training of ours.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readModel } from '../cli/modelPath.ts';
import { readOptions, required } from '../cli/options.ts';
import { ROOT } from '../scripts/prepare.mjs';
import { parameterCount } from '../src/core/architectures/registry.ts';
import { meanStudent } from '../src/core/weights/meanStudent.ts';
import { encodeStudent, encodeTeacher, shapesOf } from '../src/core/weights/modelFile.ts';
import type { ModelFile, Student } from '../src/core/weights/modelFile.ts';

const { values } = readOptions(process.argv.slice(2), {
  model: 'list',
  name: 'text',
  title: 'text',
  shares: 'text',
  compared: 'flag',
});
const name = required('name', values.name);
const model = await meanModel(values.model, values.shares?.split(',').map(Number));
const half = { dtype: 'F16' } as const;
const bytes = model.role === 'student' ? encodeStudent(model, half) : encodeTeacher(model, half);
const folder = join(ROOT, 'public', values.compared ? 'compared' : 'students');
const index = join(folder, 'index.json');
const file = `${name}.safetensors`;
const list = JSON.parse(await readFile(index, 'utf8')) as Record<string, unknown>[];
const known = list.find((entry) => entry['name'] === name);
const parameters = shapesOf(model).reduce((sum, shape) => sum + parameterCount(shape), 0);
const entry = {
  name,
  title: name,
  file,
  about: '',
  ...known,
  ...(values.title !== undefined && { title: values.title }),
  ...(model.role === 'teacher' && { role: 'teacher' }),
  bytes: bytes.byteLength,
  parameters,
};
await writeFile(join(folder, file), bytes);
const next = known ? list.map((before) => (before === known ? entry : before)) : [...list, entry];
await writeFile(index, `${JSON.stringify(next, null, 2)}\n`);
console.log(
  `${file}: a ${model.role} of ${parameters.toLocaleString('en')} parameters, ${bytes.byteLength.toLocaleString('en')} bytes`,
);

/** The model in the one file, or the mean of the students in several. */
async function meanModel(paths: readonly string[], shares?: readonly number[]): Promise<ModelFile> {
  const [first, ...others] = await Promise.all(paths.map((path) => readModel({ path })));
  if (!first) throw new Error('--model FILE… is missing.');
  if (others.length === 0) return first;
  return { role: 'student', ...meanStudent([first, ...others].map(asStudent), shares) };
}

function asStudent(model: ModelFile): Student {
  if (model.role !== 'student') throw new Error('Only students have a mean: give a teacher by itself.');
  return model;
}
