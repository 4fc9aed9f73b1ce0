/**
 * Derived data of a run as rows of one table: numbers of small arrays in the open, large arrays as scaled integers.
 * The same code writes them at build time and reads them on a page.
 */
import { tableFromIPC } from "apache-arrow";

/** One field of one run's data, or of its twin with random weights. */
export interface FieldRow {
  /** Key of the run. */
  run: string;
  /** Which null twin stands in for the run; "" for the run itself. */
  twin: string;
  /** What the field belongs to: "tokens", "path", "logits". */
  part: string;
  name: string;
  /** json: UTF-8 text; int16, int8: value = stored · scale. */
  type: "json" | "int16" | "int8";
  scale: number;
  values: Uint8Array;
}

type IntegerType = Exclude<FieldRow["type"], "json">;
type Place = Pick<FieldRow, "run" | "twin" | "part">;

const LARGEST: Record<IntegerType, number> = { int16: 32767, int8: 127 };

/**
 * Rows of an object: its arrays of 32-bit floats as integers of a type, everything else as text.
 *
 * @param type of all the arrays
 */
export function packFields(place: Place, data: object, type: IntegerType): FieldRow[] {
  return Object.entries(data).map(([name, value]) => {
    if (!(value instanceof Float32Array)) {
      const text = new TextEncoder().encode(JSON.stringify(value));
      return { ...place, name, type: "json", scale: 1, values: text };
    }
    const scale = value.reduce((max, each) => Math.max(max, Math.abs(each)), 0) / LARGEST[type] || 1;
    const scaled = type === "int16" ? new Int16Array(value.length) : new Int8Array(value.length);
    for (let i = 0; i < value.length; i++) scaled[i] = Math.round(value[i] / scale);
    return { ...place, name, type, scale, values: new Uint8Array(scaled.buffer) };
  });
}

/** The object that rows were made of; null where there are none of that place. */
export function unpackFields<Data>(rows: readonly FieldRow[], { run, twin, part }: Place): Data | null {
  const mine = rows.filter((row) => row.run === run && row.twin === twin && row.part === part);
  if (!mine.length) return null;
  return Object.fromEntries(mine.map((row) => [row.name, decoded(row)])) as Data;
}

function decoded({ type, scale, values }: FieldRow): unknown {
  // A copy starts at an even address; a window into an Arrow buffer may not.
  const bytes = values.slice();
  if (type === "json") return JSON.parse(new TextDecoder().decode(bytes));
  const stored = type === "int16" ? new Int16Array(bytes.buffer) : new Int8Array(bytes.buffer);
  return Float32Array.from(stored, (value) => value * scale);
}

/**
 * Rows of an Arrow IPC stream.
 *
 * @throws Error in one line for bytes that are not such a table
 */
export function readFieldRows(bytes: ArrayBuffer | Uint8Array): FieldRow[] {
  let rows: FieldRow[] = [];
  try {
    const table = tableFromIPC(new Uint8Array(bytes));
    // Bytes that are no stream at all are read as a table without columns.
    if (table.schema.fields.length > 0) rows = table.toArray().map((row) => row.toJSON() as unknown as FieldRow);
  } catch {
    rows = [];
  }
  if (!rows.length) throw new Error("the file is not a whole Arrow stream of fields");
  return rows;
}
