import { trajectoryTable } from "../../data-loaders/tables/trajectory.js";

process.stdout.write(trajectoryTable());
