import { readFile } from 'node:fs/promises';
import { studentFromTeacher } from '../src/core/training/pretrained.ts';
import type { Pretrained } from '../src/core/training/pretrained.ts';
import { decodeModel, ModelFileError } from '../src/core/weights/modelFile.ts';
import type { ModelFile } from '../src/core/weights/modelFile.ts';
import { UsageError } from './command.ts';

/**
 * The networks in the files of --teacher and --student; with `ofTeacher` the student begins as the teacher's F1. Throws
 * UsageError for a file that holds something else, and for wishes that contradict each other.
 */
export async function readPretrained(
  files: Readonly<Record<'teacher' | 'student', string | undefined>>,
  ofTeacher: boolean,
): Promise<Pretrained> {
  const of = async <Role extends ModelFile['role']>(
    role: Role,
  ): Promise<Extract<ModelFile, { role: Role }> | undefined> => {
    const path = files[role];
    if (path === undefined) return undefined;
    const model = await readModel(path);
    if (model.role !== role) throw new UsageError(`--${role} ${path}: this file holds a ${model.role}.`);
    return model as Extract<ModelFile, { role: Role }>;
  };
  const [teacher, student] = [await of('teacher'), await of('student')];
  if (ofTeacher && (!teacher || student))
    throw new UsageError('--student-of-teacher needs --teacher, and no --student.');
  if (ofTeacher) return { teacher: teacher!, student: studentFromTeacher(teacher!) };
  return { ...(teacher && { teacher }), ...(student && { student }) };
}

async function readModel(path: string): Promise<ModelFile> {
  try {
    return decodeModel(await readFile(path));
  } catch (error) {
    if (error instanceof ModelFileError) throw new UsageError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}
