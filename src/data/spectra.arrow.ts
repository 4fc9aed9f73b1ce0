import { spectraTable } from "../../data-loaders/tables/run-tables.js";

process.stdout.write(spectraTable());
