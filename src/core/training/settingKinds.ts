/** What the table of settings says of each: its place, its names, its bounds, and the words beside it. */
interface Named {
  /** Dotted place in the config. The command line also takes the end of it where that is not ambiguous. */
  readonly path: string;
  /** Name in a link; the command line takes it too. */
  readonly key: string;
  /** Earlier names, which links and the command line still take. */
  readonly aliases?: readonly string[];
  /** On screen. */
  readonly label: string;
  /** One or two sentences for someone who does not know the term. */
  readonly hint?: string;
  readonly unit?: string;
  /** Stands before the number: '×'. */
  readonly symbol?: string;
  /** May change while training runs. */
  readonly live?: true;
  /** What the charts call it when it changes: 'λ'. */
  readonly short?: string;
  /** May be absent; what then holds is for its reader to say. */
  readonly optional?: true;
}

export interface NumberSetting extends Named {
  readonly kind: 'whole' | 'number';
  /** Bounds of what training accepts. */
  readonly min: number;
  readonly max: number;
  /** Path of a setting whose value is a lower bound too. */
  readonly notBelow?: string;
  /** A slider over the part that is worth trying. */
  readonly slider?: { readonly min: number; readonly max: number; readonly step: number };
}

/** One of a few numbers or words. */
interface ChoiceSetting extends Named {
  readonly kind: 'choice';
  readonly options: readonly number[] | readonly string[];
}

interface SwitchSetting extends Named {
  readonly kind: 'switch';
}

/** One name; whether something of that name exists is known where it is used. */
interface NameSetting extends Named {
  readonly kind: 'name';
}

/** Several words; with `of`, some of these. */
interface ListSetting extends Named {
  readonly kind: 'list';
  readonly of?: readonly string[];
}

export type Setting = NumberSetting | ChoiceSetting | NameSetting | SwitchSetting | ListSetting;
