import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeStudent, encodeTeacher } from '../src/core/weights/modelFile.ts';
import { decodeCheckpoint } from '../src/core/training/checkpoint.ts';
import type { Checkpoint } from '../src/core/training/checkpoint.ts';
import { isBestAt } from '../src/core/training/history.ts';
import { studentOf, teacherOf } from '../src/core/training/exportModel.ts';
import type { TeacherOutputStore } from '../src/core/training/ports.ts';
import { lockRunFolder } from './runLock.ts';
import { diskProblem, writeWhole } from './writeWhole.ts';
import type { FileToWrite } from './writeWhole.ts';

const KEPT = 2;
const checkpointName = /^checkpoint-(\d+)\.safetensors$/;
const modelName = /^(student|teacher)(-latest|-best)?\.safetensors$/;

/**
 * What a run leaves on the disk:
 * `checkpoint-N.safetensors` (the last two), `student.safetensors` and `teacher.safetensors` (moving averages of the weights),
 * the same with `-latest` (weights of the last step), `student-best.safetensors` and `teacher-best.safetensors` (the moving
 * average at the best validation of the student), and `log.jsonl`; a supervised run has no teacher's files. Every file is whole or not there. `run.lock` is
 * there while a process trains in the folder.
 */
export interface RunFolder {
  /**
   * The newest checkpoint that can be read; null in a folder without a run. Rejects with an Error when there is a run, but no
   * checkpoint of it can be read: to begin anew would overwrite its models.
   */
  latestCheckpoint(): Promise<Checkpoint | null>;
  /**
   * Stores a checkpoint and its models, all or none of them; forgets all but the last two checkpoints, and those of later steps,
   * which the run has gone back from.
   */
  save(bytes: Uint8Array, checkpoint: Checkpoint): Promise<void>;
  /** What a fixed teacher made of the real squares, a file each in `teacher-outputs/`. */
  readonly teacherOutputs: TeacherOutputStore;
  /** Adds a line to the log. */
  log(fact: object): void;
  /** Waits until the log is on the disk, and leaves the folder to others. */
  close(): Promise<void>;
}

/**
 * Opens a folder for one run at a time, making it if needed. `onTrouble` hears of damaged checkpoints, of a run that ended without
 * leaving the folder, and of a log that cannot be written; a run goes on without it. Rejects with an Error when another process
 * trains there, or when the folder cannot be written to.
 */
export async function openRunFolder(folder: string, onError: (message: string) => void): Promise<RunFolder> {
  const unlock = await lockedFolder(folder, onError);
  const log = createWriteStream(join(folder, 'log.jsonl'), { flags: 'a' });
  log.on('error', (error) => onError(`The log is not written: ${diskProblem(error)}.`));
  const stored = async (): Promise<{ step: number; path: string }[]> => {
    const found = (await readdir(folder)).flatMap((name) => {
      const match = checkpointName.exec(name);
      return match ? [{ step: Number(match[1]), path: join(folder, name) }] : [];
    });
    return found.sort((a, b) => b.step - a.step);
  };
  return {
    latestCheckpoint: async () => {
      for (const { path } of await stored()) {
        try {
          return decodeCheckpoint(await readFile(path));
        } catch (error) {
          onError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      if (await holdsRun(folder)) throw new Error(formatUnreadable(folder));
      return null;
    },
    save: async (bytes, checkpoint) => {
      const own = join(folder, `checkpoint-${checkpoint.step}.safetensors`);
      await writeWhole(...modelsOf(folder, checkpoint), [own, bytes]);
      const all = await stored();
      const kept = all.filter(({ step }) => step <= checkpoint.step).slice(0, KEPT);
      for (const entry of all) if (!kept.includes(entry)) await rm(entry.path, { force: true });
    },
    teacherOutputs: {
      read: (key) => readFile(join(folder, 'teacher-outputs', key)).catch(() => null),
      write: async (key, bytes) => {
        await mkdir(join(folder, 'teacher-outputs'), { recursive: true });
        await writeFile(join(folder, 'teacher-outputs', key), bytes);
      },
    },
    log: (fact) => {
      if (log.writable) log.write(`${JSON.stringify(fact)}\n`);
    },
    close: async () => {
      await new Promise<void>((resolve) => (log.writable ? log.end(() => resolve()) : resolve()));
      unlock();
    },
  };
}

/** True when a folder holds checkpoints or models already. */
export async function holdsRun(folder: string): Promise<boolean> {
  return (
    existsSync(folder) && (await readdir(folder)).some((name) => checkpointName.test(name) || modelName.test(name))
  );
}

/** The folder, made, locked, and without what a killed run left half written. Resolves with how to unlock it. */
async function lockedFolder(folder: string, onError: (message: string) => void): Promise<() => void> {
  let unlock: (() => void) | undefined;
  try {
    await mkdir(folder, { recursive: true });
    unlock = lockRunFolder(folder, onError);
    for (const name of await readdir(folder)) {
      const whole = name.replace(/\.part$/, '');
      if (whole !== name && (checkpointName.test(whole) || modelName.test(whole))) await rm(join(folder, name));
    }
    return unlock;
  } catch (error) {
    unlock?.();
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new Error(`No run can be kept in ${folder}: ${diskProblem(error)}.`, { cause: error });
  }
}

function formatUnreadable(folder: string): string {
  return (
    `${folder} holds a run, but none of its checkpoints can be read, so it cannot go on; nothing was changed. ` +
    `Put a sound checkpoint back, or begin another run in another folder: ` +
    `--teacher ${join(folder, 'teacher.safetensors')} --student ${join(folder, 'student.safetensors')} begin with its networks.`
  );
}

function modelsOf(folder: string, checkpoint: Checkpoint): FileToWrite[] {
  const date = new Date().toISOString();
  const student = encodeStudent(studentOf(checkpoint, 'average', date));
  const files: [name: string, bytes: Uint8Array][] = [
    ['student', student],
    ['student-latest', encodeStudent(studentOf(checkpoint, 'latest', date))],
  ];
  const isBest = isBestAt(checkpoint.step, checkpoint.validations);
  if (isBest) files.push(['student-best', student]);
  if (checkpoint.config.hyperparameters.mode !== 'supervised') {
    const teacher = encodeTeacher(teacherOf(checkpoint, 'average', date));
    files.push(['teacher', teacher], ['teacher-latest', encodeTeacher(teacherOf(checkpoint, 'latest', date))]);
    if (isBest) files.push(['teacher-best', teacher]);
  }
  return files.map(([name, bytes]) => [join(folder, `${name}.safetensors`), bytes]);
}
