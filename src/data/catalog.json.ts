import { catalog } from "../../data-loaders/tables/catalog.js";

process.stdout.write(JSON.stringify(catalog()));
