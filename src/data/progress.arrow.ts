import { progressTable } from "../../data-loaders/tables/run-tables.js";

process.stdout.write(progressTable());
