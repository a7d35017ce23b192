// What a simulator knows and nobody has told it: taken out in pieces, and given back to another start of it.

export interface Memory {
  /** Plain values, Map, Set and Date, to be written one after the other; shared with the simulator, no copies. */
  take(): readonly unknown[];
  give(pieces: readonly unknown[]): void;
}

/** The memory is these fields, in one piece; credentials, clocks and connections are not among them. */
export function memoryOf<Holder extends object>(
  holder: Holder,
  fields: readonly (keyof Holder & string)[],
  then?: () => void,
): Memory {
  return {
    take: () => [Object.fromEntries(fields.map((field) => [field, holder[field]]))],
    give([kept]) {
      const known = kept as Partial<Holder>;
      for (const field of fields) {
        const value = known[field];
        if (value !== undefined) holder[field] = value;
      }
      then?.();
    },
  };
}
