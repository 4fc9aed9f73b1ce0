import { font } from "../../data-loaders/tables/font.js";

process.stdout.write(font("inter"));
