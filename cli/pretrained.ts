import { readFile } from 'node:fs/promises';
import { CheckpointError } from '../src/core/training/checkpoint.ts';
import { studentOf, teacherOf } from '../src/core/training/exportModel.ts';
import { asTeacher, studentFromTeacher } from '../src/core/training/pretrained.ts';
import type { Pretrained } from '../src/core/training/pretrained.ts';
import { decodeRun } from '../src/core/training/runFile.ts';
import { SafetensorsError } from '../src/core/weights/safetensors.ts';
import type { NetworkSettings } from '../src/core/architectures/networks.ts';
import type { ModelFile } from '../src/core/weights/modelFile.ts';
import { UsageError } from './command.ts';
import { modelPath, readModel } from './modelPath.ts';

/**
 * The networks in the files of --teacher (any model) and --student; with `ofTeacher` the student begins as the teacher's F1.
 * Throws UsageError for a file that cannot be used so, and for wishes that contradict each other.
 */
export async function readPretrained(
  files: Readonly<Record<'teacher' | 'student', string | undefined>>,
  ofTeacher: boolean,
): Promise<Pretrained> {
  if (ofTeacher && (files.teacher === undefined || files.student !== undefined))
    throw new UsageError('--student-of-teacher needs --teacher, and no --student.');
  const [teacher, student] = await Promise.all([read(files.teacher), read(files.student)]);
  if (student?.role === 'teacher') throw new UsageError(`--student ${files.student}: this file holds a teacher.`);
  const networks = teacher && asTeacher(teacher);
  if (ofTeacher) return { teacher: networks!, student: studentFromTeacher(networks!) };
  return { ...(networks && { teacher: networks }), ...(student && { student }) };
}

/**
 * The averaged weights of a run in a file (one that the Lab exports, a checkpoint) and their networks' settings. Throws UsageError for
 * a file that is no run.
 */
export async function readStartRun(path: string): Promise<Pretrained & { readonly networks: NetworkSettings }> {
  try {
    const { checkpoint } = decodeRun(await readFile(path));
    const date = new Date().toISOString();
    return {
      teacher: teacherOf(checkpoint, 'average', date),
      student: studentOf(checkpoint, 'average', date),
      networks: checkpoint.config.networks,
    };
  } catch (error) {
    const isExpected =
      error instanceof CheckpointError ||
      error instanceof SafetensorsError ||
      (error as NodeJS.ErrnoException).code !== undefined;
    if (!isExpected) throw error;
    throw new UsageError(`--start ${path}: ${(error as Error).message}`, { cause: error });
  }
}

async function read(path: string | undefined): Promise<ModelFile | undefined> {
  if (path === undefined) return undefined;
  return readModel(modelPath(path)).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  });
}
