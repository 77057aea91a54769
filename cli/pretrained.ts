import { asTeacher, studentFromTeacher } from '../src/core/training/pretrained.ts';
import type { Pretrained } from '../src/core/training/pretrained.ts';
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

async function read(path: string | undefined): Promise<ModelFile | undefined> {
  if (path === undefined) return undefined;
  return readModel(modelPath(path)).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  });
}
