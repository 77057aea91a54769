import { changeSettings } from './chosen.ts';
import { useDesk } from './deskStore.ts';
import { addModelFile } from './modelShelf.ts';

/** Takes a model file in and uses it: a student to derain with, a teacher to compare with. */
export async function takeModelFile(file: File): Promise<void> {
  const answer = await addModelFile(file);
  if (answer.refused)
    return useDesk.setState({ modelTrouble: { name: file.name, reason: answer.reason, advice: answer.advice } });
  useDesk.setState({ modelTrouble: null });
  changeSettings(answer.role === 'student' ? { model: answer.id } : { compare: answer.id });
}
