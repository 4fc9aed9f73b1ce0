import { parseArgs } from "node:util";
import { checkpointArchive } from "../../data-loaders/tables/checkpoint-files.js";

const { run = "" } = parseArgs({ options: { run: { type: "string" } } }).values;
process.stdout.write(checkpointArchive(run));
