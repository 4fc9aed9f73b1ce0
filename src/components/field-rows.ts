/** Derived fields of the site's runs, from the bytes of a table; the rows are marked where they did not come. */
import { type FieldRow, readFieldRows } from "../derivations/trajectories/stored-fields.js";
import { failed, type Loaded } from "./loading.js";

/**
 * @param name what the table is called in a message
 * @param bytes of an Arrow IPC stream with the columns of `FieldRow`, on their way
 */
export async function loadFieldRows(name: string, bytes: Promise<ArrayBuffer>): Promise<Loaded<FieldRow[]>> {
  try {
    return readFieldRows(await bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed([] as FieldRow[], new Error(`the table “${name}” could not be loaded (${why})`));
  }
}
