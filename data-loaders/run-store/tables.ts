/** A run's tables as Arrow IPC streams: their columns, written and read. Floats are stored in 32 bits. */
import {
  type DataType,
  Field,
  Float32,
  Int16,
  Int32,
  List,
  Schema,
  Table,
  tableFromIPC,
  tableToIPC,
  Uint16,
  vectorFromArray,
} from "apache-arrow";
import type { MetricsRow, ProgressRow, SpectraRow } from "../../src/training/run-record.js";

type Columns<Row> = { [Name in keyof Row]-?: DataType };

const float = () => new Float32();
const floats = () => new List(new Field("item", new Float32(), true));

export const METRICS_COLUMNS: Columns<MetricsRow> = {
  epoch: new Int32(),
  train_loss: float(),
  test_loss: float(),
  train_accuracy: float(),
  test_accuracy: float(),
  test_accuracy_seen_mirror: float(),
  test_accuracy_unseen_mirror: float(),
  zero_loss_share: float(),
  loss_spikes: new Int32(),
  sum_squared_weights: float(),
  w2_W_E: float(),
  w2_W_pos: float(),
  w2_W_Q: float(),
  w2_W_K: float(),
  w2_W_V: float(),
  w2_W_O: float(),
  w2_W_in: float(),
  w2_b_in: float(),
  w2_W_out: float(),
  w2_b_out: float(),
  w2_W_U: float(),
};

export const PROGRESS_COLUMNS: Columns<ProgressRow> = {
  epoch: new Int32(),
  restricted_train: float(),
  restricted_test: float(),
  restricted_all: float(),
  excluded_train: float(),
  excluded_max: float(),
  excluded_by_frequency: floats(),
  gini_W_E: float(),
  gini_W_L: float(),
};

export const SPECTRA_COLUMNS: Columns<SpectraRow> = {
  epoch: new Int32(),
  frequency: new Uint16(),
  W_E: new Int16(),
  W_L: new Int16(),
  logits: new Int16(),
};

/** The columns of the spectra that are stored as Int16 times a scale of the column. */
const SCALED = ["W_E", "W_L", "logits"] as const;
const INT16_MAX = 32767;

/** Bytes of an Arrow IPC stream with these columns, in this order. */
export function encodeTable<Row extends object>(
  rows: readonly Row[],
  columns: { [Name in keyof Row]-?: DataType },
  metadata = new Map<string, string>(),
): Uint8Array {
  const names = Object.keys(columns) as (keyof Row & string)[];
  const vectors = names.map((name) => [
    name,
    vectorFromArray(
      rows.map((row) => row[name] ?? null),
      columns[name],
    ),
  ]);
  const table = new Table(Object.fromEntries(vectors));
  return tableToIPC(new Table(new Schema(table.schema.fields, metadata), table.batches), "stream");
}

/**
 * Rows of an Arrow IPC stream.
 *
 * @throws Error in one line, where a column is missing, another one is there, or a type is not the declared one
 */
export function decodeTable<Row>(
  bytes: Uint8Array,
  columns: { [Name in keyof Row]-?: DataType },
): { rows: Row[]; metadata: Map<string, string> } {
  const table = tableFromIPC(bytes);
  const expected = Object.entries(columns).map(([name, type]) => `${name}: ${type}`);
  const found = table.schema.fields.map(String);
  const wrong = found.find((column, i) => column !== expected[i]) ?? expected[found.length];
  if (wrong || found.length !== expected.length) {
    throw new Error(`column "${wrong}" is not as expected; expected columns: ${expected.join(", ")}`);
  }
  const rows = table.toArray().map((row) => {
    const plain = Object.entries(row.toJSON() as Record<string, unknown>).map(([name, value]) => [
      name,
      value !== null && typeof value === "object" && !(value instanceof Uint8Array)
        ? Array.from(value as Iterable<unknown>)
        : value,
    ]);
    return Object.fromEntries(plain) as Row;
  });
  return { rows, metadata: table.schema.metadata };
}

/** spectra.arrow: each norm as Int16 times the column's scale, which the schema's metadata names scale_W_E and so on. */
export function encodeSpectra(rows: readonly SpectraRow[]): Uint8Array {
  const metadata = new Map<string, string>();
  const scaled = rows.map((row) => ({ ...row }));
  for (const name of SCALED) {
    const largest = rows.reduce((max, row) => Math.max(max, Math.abs(row[name])), 0);
    const scale = largest / INT16_MAX || 1;
    metadata.set(`scale_${name}`, String(scale));
    for (const row of scaled) row[name] = Math.round(row[name] / scale);
  }
  return encodeTable(scaled, SPECTRA_COLUMNS, metadata);
}

/** Rows of spectra.arrow, scaled back. @throws Error in one line for other columns or a missing scale */
export function decodeSpectra(bytes: Uint8Array): SpectraRow[] {
  const { rows, metadata } = decodeTable<SpectraRow>(bytes, SPECTRA_COLUMNS);
  for (const name of SCALED) {
    const scale = Number(metadata.get(`scale_${name}`));
    if (!(scale > 0)) throw new Error(`metadata scale_${name} is missing or not a number above 0`);
    for (const row of rows) row[name] *= scale;
  }
  return rows;
}
