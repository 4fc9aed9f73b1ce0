import { trajectoryLogitsTable } from "../../data-loaders/tables/trajectory.js";

process.stdout.write(await trajectoryLogitsTable());
