import { metricsTable } from "../../data-loaders/tables/run-tables.js";

process.stdout.write(metricsTable());
