import { firstView } from "../../data-loaders/tables/first-view.js";

process.stdout.write(JSON.stringify(firstView()));
