import { runsTable } from "../../data-loaders/tables/run-tables.js";

process.stdout.write(runsTable());
