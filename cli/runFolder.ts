import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeStudent, encodeTeacher } from '../src/core/weights/modelFile.ts';
import { decodeCheckpoint } from '../src/core/training/checkpoint.ts';
import type { Checkpoint } from '../src/core/training/checkpoint.ts';
import { studentOf, teacherOf } from '../src/core/training/exportModel.ts';

const KEPT = 2;
const checkpointName = /^checkpoint-(\d+)\.safetensors$/;

/**
 * What a run leaves on the disk:
 * `checkpoint-N.safetensors` (the last two), `student.safetensors` and `teacher.safetensors` (moving averages of the weights),
 * the same with `-latest` (weights of the last step), `student-best.safetensors` and `teacher-best.safetensors` (the moving
 * average at the best validation of the student), and `log.jsonl`. Every file is whole or not there.
 */
export interface RunFolder {
  /** The newest checkpoint that can be read, or null. */
  latestCheckpoint(): Promise<Checkpoint | null>;
  /** Stores a checkpoint and its models; forgets all but the last two checkpoints. */
  save(bytes: Uint8Array, checkpoint: Checkpoint): Promise<void>;
  /** Adds a line to the log. */
  log(fact: object): void;
  /** Waits until the log is on the disk. */
  close(): Promise<void>;
}

/** Opens a folder, making it if needed. `onTrouble` hears of damaged checkpoints, and of a log that cannot be written; a run goes on without it. */
export async function openRunFolder(folder: string, onTrouble: (message: string) => void): Promise<RunFolder> {
  await mkdir(folder, { recursive: true });
  const log = createWriteStream(join(folder, 'log.jsonl'), { flags: 'a' });
  log.on('error', (error) => onTrouble(`The log is not written: ${error.message}`));
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
          onTrouble(`${path}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      return null;
    },
    save: async (bytes, checkpoint) => {
      await writeWhole(join(folder, `checkpoint-${checkpoint.step}.safetensors`), bytes);
      await saveModels(folder, checkpoint);
      const older = (await stored()).filter(({ step }) => step <= checkpoint.step).slice(KEPT);
      for (const { path } of older) await rm(path);
    },
    log: (fact) => {
      if (log.writable) log.write(`${JSON.stringify(fact)}\n`);
    },
    close: () => new Promise((resolve) => (log.writable ? log.end(() => resolve()) : resolve())),
  };
}

/** True when a folder holds checkpoints already. */
export async function holdsRun(folder: string): Promise<boolean> {
  return existsSync(folder) && (await readdir(folder)).some((name) => checkpointName.test(name));
}

async function saveModels(folder: string, checkpoint: Checkpoint): Promise<void> {
  const date = new Date().toISOString();
  const student = encodeStudent(studentOf(checkpoint, 'average', date));
  const teacher = encodeTeacher(teacherOf(checkpoint, 'average', date));
  await writeWhole(join(folder, 'student.safetensors'), student);
  await writeWhole(join(folder, 'teacher.safetensors'), teacher);
  await writeWhole(join(folder, 'student-latest.safetensors'), encodeStudent(studentOf(checkpoint, 'latest', date)));
  await writeWhole(join(folder, 'teacher-latest.safetensors'), encodeTeacher(teacherOf(checkpoint, 'latest', date)));
  if (isBest(checkpoint)) {
    await writeWhole(join(folder, 'student-best.safetensors'), student);
    await writeWhole(join(folder, 'teacher-best.safetensors'), teacher);
  }
}

/** True when the weights of this very step were validated, and no earlier validation was better. */
function isBest({ step, validations }: Checkpoint): boolean {
  const last = validations.at(-1);
  return last?.step === step && validations.every(({ psnr }) => psnr.student <= last.psnr.student);
}

/** Writes beside the place, forces it to the disk, and moves it there: a reader sees the old file or the new one. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}
